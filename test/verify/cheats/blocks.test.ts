/**
 * Cheats with the blocks of a sheet, where the file has the receipts of all entries: blocks that these prove are not hashed
 * again, and whoever knows that gains nothing by it. The sheet's first line and its name fit what was done.
 */
import { describe, expect, it } from 'vitest';
import { causeOf, fileOf, honest, options } from '../support/cheat.ts';
import { draw, drawIdOf, type Event, key, nameOf, pair, receiptsOf, sheetText } from '../support/lottery.ts';
import { type Block, batchOf, type Pair, windowRootOf } from '../support/scheme.ts';

const [, block] = honest.blocks;
if (block === undefined) throw new Error('no block');
const { root } = block;
const [one, two, three, four] = block.entries;
if (!one || !two || !three || !four) throw new Error('no entries');

type Listed = Pick<Block, 'root' | 'entries'>;

/** What is found first where a sheet lists these blocks, and the winner's event says that it is the one. */
async function causeWith(blocks: readonly Listed[], receipts: Event[] = honest.receipts) {
  const sorted = blocks.toSorted((left, right) => (left.root < right.root ? -1 : 1));
  const entries = new Map(sorted.flatMap((listed) => listed.entries)).size;
  const windowRoot = windowRootOf(sorted.map((listed) => listed.root));
  const header = {
    ...JSON.parse(honest.sheet.split('\n')[0] ?? ''),
    entries,
    blocks: blocks.length,
    windowRoot,
  };
  const sheet = sheetText(header, sorted);
  const close = { ...honest.close, blocks: blocks.length, windowRoot };
  const winner = { ...honest.winner, sheet: nameOf(sheet), entries, windowRoot };
  const { failures, cause } = await causeOf(fileOf({ receipts, close, winner }), [sheet]);
  return { failures, cause };
}

const notIts = (of: string) => ({
  failures: 1,
  cause: `the sheet sheet 1: block ${of} has not the root of its entries`,
});

describe('a block of a sheet that receipts prove', () => {
  const others = honest.blocks.filter((other) => other !== block);

  it('is what it is', async () => {
    expect(await causeWith(honest.blocks)).toMatchObject({ failures: 0 });
  });

  it.each<[string, readonly Pair[]]>([
    ['in another order', [two, one, three, four]],
    ['with a leaf twice', [one, two, three, four, four]],
    ['with a leaf in the place of another', [one, two, three, three]],
    ['without its last leaf', [one, two, three]],
    ['without its first leaf', [two, three, four]],
    ['with another user', [one, two, three, [four[0], 'mallory']]],
    ['with an entry that has no receipt', [one, two, three, pair(99)]],
  ])('is found %s', async (_, entries) => {
    expect(await causeWith([...others, { root, entries }])).toEqual(notIts(root));
  });

  it('is found under the root of another block', async () => {
    const [other] = others;
    if (other === undefined) throw new Error('no other block');
    const [first] = [root, other.root].toSorted();
    const swapped = [
      { root, entries: other.entries },
      { root: other.root, entries: block.entries },
    ];
    expect(await causeWith(swapped)).toEqual(notIts(first ?? ''));
  });

  it('is found where it is that of another draw', async () => {
    const [foreign] = batchOf(key, { [drawIdOf(1)]: [pair(99)] });
    if (foreign === undefined) throw new Error('no block');
    const receipts = [...honest.receipts, ...receiptsOf(1, [foreign])];
    const { cause } = await causeWith([...honest.blocks, foreign], receipts);
    expect(cause).toBe(notIts(foreign.root).cause);
  });
});

describe.each([
  ['with', true],
  ['without', false],
])('a click that was processed again, and is in two blocks, %s its receipts', (_, hasReceipts) => {
  const again = draw({ ...options, batches: [...options.batches, [one, pair(0)]] });
  const { close } = again;
  const receipts = hasReceipts ? again.receipts : [];

  it('is one entry', async () => {
    const { winner, sheet } = again;
    expect(winner.entries).toBe(7);
    const { failures } = await causeOf(fileOf({ receipts, close, winner }), [sheet]);
    expect(failures).toBe(0);
  });

  it('is found where it is counted twice', async () => {
    const sheet = again.sheet.replace('"entries":7,', '"entries":9,');
    const winner = { ...again.winner, entries: 9, sheet: nameOf(sheet) };
    const { failures, cause } = await causeOf(fileOf({ receipts, close, winner }), [sheet]);
    expect({ failures, cause }).toEqual({
      failures: 1,
      cause: 'the sheet sheet 1 says entries 9, it has 7',
    });
  });
});
