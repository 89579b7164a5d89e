/** Cheats with entries and their receipts, as docs/fairness.md names them: the check finds each, or whoever holds a receipt does. */
import { describe, expect, it } from 'vitest';
import * as hashes from '../../../verify/hashes.ts';
import { causeOf, drawId, fileOf, honest, options, refundOf } from '../support/cheat.ts';
import {
  check,
  draw,
  drawFrom,
  drawIdOf,
  type Event,
  key,
  nameOf,
  pair,
  receiptsOf,
  sheetText,
  windowOf,
} from '../support/lottery.ts';
import { batchOf, type Pair, ReceiptsKey } from '../support/scheme.ts';

describe('an entry left out after its receipt', () => {
  const victim = honest.receipts[2];
  const kept = options.batches.map((pairs) => pairs.filter(([entryId]) => entryId !== victim?.entryId));
  const without = draw({ ...options, batches: kept });

  it('is found where its receipt is in the file', async () => {
    const { failures, cause } = await causeOf(fileOf(without, honest.receipts), [without.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe(
      `entry ${victim?.entryId} of user ${victim?.userId} has a receipt (line 12), was not refunded, and is in no block of the sheet`,
    );
  });

  it('is found by its holder where the file says nothing of it', async () => {
    const { failures } = await check(fileOf(without), [without.sheet]);
    expect(failures).toBe(0);
    const { own } = await causeOf(fileOf(without), [without.sheet], victim);
    expect(own?.contradicts).toBe(true);
    expect(own?.sentence).toContain(
      'which does not hold: entry shardId-000000000000:44444444444444444444444444444444444444444444444444444442',
    );
    expect(own?.sentence).toContain('has a receipt (the line given), was not refunded, and is in no block');
  });

  it('is no cheat where it was refunded, and then it is in no block', async () => {
    const refund = {
      type: 'CouponRefundedEvent',
      lotteryId: 7,
      userId: victim?.userId,
      entryId: victim?.entryId,
    };
    const refunded = { ...refund, drawId, availableCoupons: 4, recordId: 'x:9' };
    const late = victim ? [...without.receipts, victim, refunded] : [];
    expect((await check(fileOf({ ...without, receipts: late }), [without.sheet])).failures).toBe(0);
    const { cause } = await causeOf(fileOf({}, [refunded]), [honest.sheet]);
    expect(cause).toBe(`refunded entry ${victim?.entryId} is in the sheet`);
  });
});

it.each([
  ['user', { userId: 'mallory' }],
  ['timestamp', { timestamp: Number(honest.receipts[2]?.timestamp) + 1 }],
  ['arrival', { arrival: Number(honest.receipts[2]?.arrival) + 1 }],
  ['number of coupons', { availableCoupons: 2 }],
  ['draw', { drawId: drawIdOf(1), ...windowOf(1) }],
])('an entry that is told twice, with another %s, is found', async (_, other) => {
  const [, , told] = honest.receipts;
  if (told === undefined) throw new Error('no receipt');
  const { failed } = await check(fileOf({}, [{ ...told, ...other }]), [honest.sheet]);
  expect(failed).toContain('two different ClickAcceptedEvent where only one can be: lines 4 and 11');
});

describe('an entry added after the close', () => {
  const [straw] = batchOf(key, { [drawId]: [pair(99)] });
  if (straw === undefined) throw new Error('no block');
  const more = drawFrom(options, [...honest.blocks, straw]);

  it('is found by the root that was closed', async () => {
    const { failures, cause } = await causeOf(fileOf({ winner: more.winner }), [more.sheet]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the winner is drawn from windowRoot .*, and .* was closed$/);
  });

  it('is found where the winner is said to be of the root that was closed', async () => {
    const winner = { ...more.winner, windowRoot: honest.close.windowRoot };
    const { failures, cause } = await causeOf(fileOf({ winner }), [more.sheet]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the sheet sheet 1 says windowRoot .*, the close says .*$/);
  });

  it('is found in a block that is there', async () => {
    const blocks = honest.blocks.map((block, index) =>
      index === 0 ? { ...block, entries: [...block.entries, pair(99)] } : block,
    );
    const [header] = honest.sheet.split('\n');
    const sorted = blocks.toSorted((left, right) => (left.root < right.root ? -1 : 1));
    const sheet = sheetText({ ...JSON.parse(header ?? ''), entries: 8 }, sorted);
    const winner = { ...honest.winner, sheet: nameOf(sheet), entries: 8 };
    const { failures, cause } = await causeOf(fileOf({ winner }), [sheet]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the sheet sheet 1: block .* has not the root of its entries$/);
  });

  it('is found by a second close', async () => {
    const { cause } = await causeOf(fileOf({}, [more.close]), [honest.sheet]);
    expect(cause).toBe('two different DrawClosedEvent where only one can be: lines 9 and 11');
  });
});

describe('a good entry called late', () => {
  const best = honest.receipts.find(({ entryId }) => entryId === honest.winner.entryId);
  if (best === undefined) throw new Error('no receipt of the winner');
  const { entryId, userId } = best;
  const rest = honest.receipts.filter((receipt) => receipt !== best);
  // What the runner-up would win with, were the best one not there: all of its numbers are right.
  const { drawSeed: seedOf, priority } = hashes;
  const drawSeed = seedOf(String(honest.winner.windowSeed), String(honest.winner.beaconSignature));
  const [second] = rest
    .map(({ entryId, userId }) => ({ entryId, userId, priority: priority(drawSeed, String(entryId)) }))
    .toSorted((left, right) => (left.priority < right.priority ? -1 : 1));
  const winner: Event = { ...honest.winner, ...second };

  it('is found without the sheet where the receipts have all blocks', async () => {
    const { failures, cause, own } = await causeOf(fileOf({ winner }, [refundOf(best)]), [], best);
    expect(failures).toBe(1);
    expect(cause).toBe(`entry ${entryId} is under the closed root, and was refunded`);
    expect(own?.contradicts).toBe(true);
  });

  it('is not checked where the receipts have not: notes and its holder are told', async () => {
    const some = honest.receipts.slice(0, 3).includes(best)
      ? honest.receipts.slice(0, 3)
      : honest.receipts.slice(3);
    const report = await check(fileOf({ winner, receipts: some }, [refundOf(best)]), [], best);
    expect(report.failures).toBe(0);
    expect(report.text).toContain(
      `note  no sheet, and not all blocks in the file: whether refunded entries were in the draw is not checked: ${drawId}`,
    );
    expect(report.receipt?.sentence).toContain(
      `Entry ${entryId} of user ${userId} was refunded from draw ${drawId}, but only its sheet shows whether it took part; user `,
    );
  });

  it('is found by the sheet in any case', async () => {
    const { cause } = await causeOf(fileOf({ winner }, [refundOf(best)]), [honest.sheet]);
    expect(cause).toMatch(/^the sheet sheet 1 says winner .*/);
  });

  it('is no cheat where the entry came in a block that was not closed', async () => {
    const [late] = receiptsOf(0, batchOf(key, { [drawId]: [pair(99)] }));
    if (late === undefined) throw new Error('no block');
    const report = await check(fileOf({}, [late, refundOf(late)]), [honest.sheet], late);
    expect(report.failures).toBe(0);
    expect(report.receipt?.sentence).toContain('was refunded and took no part in draw');
    expect(report.text).not.toContain('whether refunded entries');
  });
});

describe('a receipt made up', () => {
  const made = (signer: ReceiptsKey, entry: Pair) => receiptsOf(0, batchOf(signer, { [drawId]: [entry] }));

  it('is found by its signature', async () => {
    const [forged] = made(new ReceiptsKey(), pair(50));
    const { own } = await causeOf(fileOf({}), [honest.sheet], forged);
    expect(own).toMatchObject({ contradicts: true });
    expect(own?.sentence).toContain(
      'does not hold: the receipt on the line given is not signed with the key of its run',
    );
  });

  it('is found where the signature is that of another batch', async () => {
    const [forged] = made(key, pair(50));
    const receipt = { ...Object(forged?.receipt), signature: Object(honest.receipts[0]?.receipt).signature };
    const { own } = await causeOf(fileOf({}), [honest.sheet], {
      ...forged,
      type: 'ClickAcceptedEvent',
      receipt,
    });
    expect(own?.sentence).toContain('is not signed with the key of its run');
  });

  /** Behind receipts of one batch, which are good. @returns what fails */
  const failedBehind = async (last: Event[]) => {
    const receipts = [...honest.receipts, ...last];
    return (await check(fileOf({ receipts }), [honest.sheet])).failed;
  };
  const signatureOf = ({ receipt }: Event) => ({ signature: Object(receipt).signature });

  it('is found behind good ones of its batch, where the signature alone is another', async () => {
    const [first] = honest.receipts;
    const last = honest.receipts.at(-1);
    if (first === undefined || last === undefined) throw new Error('no receipts');
    const forged = { ...last, receipt: { ...Object(last.receipt), ...signatureOf(first) } };
    expect(await failedBehind([forged])).toContain(
      'the receipt on line 9 is not signed with the key of its run',
    );
  });

  it('is found behind good ones whose signature it has', async () => {
    const last = honest.receipts.at(-1);
    const [forged] = made(new ReceiptsKey(), pair(50));
    if (last === undefined || forged === undefined) throw new Error('no receipts');
    const receipt = { ...Object(forged.receipt), ...signatureOf(last) };
    expect(await failedBehind([{ ...forged, receipt }])).toContain(
      'the receipt on line 9 is not signed with the key of its run',
    );
  });

  it('is found in each draw of its batch', async () => {
    const ids = [drawId, drawIdOf(1)];
    const batch = batchOf(new ReceiptsKey(), { [drawId]: [pair(50)], [drawIdOf(1)]: [pair(51)] });
    const forged = batch.flatMap((block) => receiptsOf(ids.indexOf(block.drawId), [block]));
    const failed = await failedBehind(forged);
    for (const line of [9, 10])
      expect(failed).toContain(`the receipt on line ${line} is not signed with the key of its run`);
  });

  it.each([
    ['of another entry', { entryId: pair(50)[0] }],
    ['of another user', { userId: 'mallory', entryId: pair(51)[0] }],
  ])('is found by its path: %s', async (_, fields) => {
    const forged = { ...honest.receipts[1], ...fields, type: 'ClickAcceptedEvent' };
    const { own } = await causeOf(fileOf({}), [honest.sheet], forged);
    expect(own?.sentence).toContain(
      'does not hold: the receipt on the line given does not lead from its entry to its root',
    );
  });

  it('is found where it is none: the run has a key', async () => {
    const bare = { ...honest.receipts[0], type: 'ClickAcceptedEvent', entryId: 'x:1', receipt: undefined };
    const { cause } = await causeOf(fileOf({}, [bare]), [honest.sheet]);
    expect(cause).toBe('the click on line 11 was accepted without a receipt');
  });
});
