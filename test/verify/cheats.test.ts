/**
 * What an operator could try, each as docs/fairness.md names it: the check finds it, or whoever holds a receipt does. Who
 * cheats signs with the real keys and makes all that follows anew: only what a lie cannot change is left to find it by.
 */
import { describe, expect, it } from 'vitest';
import * as hashes from '../../verify/hashes.ts';
import {
  batchesOf,
  chain,
  check,
  type DrawOptions,
  draw,
  drawFrom,
  drawIdOf,
  type Event,
  ended,
  firstWindow,
  graceMs,
  key,
  nameOf,
  pair,
  receiptsOf,
  seed,
  sheetText,
  started,
  windowMs,
} from './support/lottery.ts';
import { batchOf, type Pair, ReceiptsKey, TestChain } from './support/scheme.ts';

const options: DrawOptions = { window: 0, batches: batchesOf(0), beacon: true };
const honest = draw(options);
const drawId = drawIdOf(0);

/** The file of the run, with what was put in the place of the honest events. */
const fileOf = (drawn: { receipts?: Event[]; close?: Event; winner?: Event }, more: Event[] = []) => [
  started(true),
  ...(drawn.receipts ?? honest.receipts),
  drawn.close ?? honest.close,
  drawn.winner ?? honest.winner,
  ...more,
  ended(),
];

/** What gives a coupon back. */
const refundOf = ({ userId, entryId }: Event): Event => ({
  ...{ type: 'CouponRefundedEvent', lotteryId: 7, userId, entryId, drawId, availableCoupons: 4 },
  recordId: `x:${entryId}`,
});

/** Its first cause, and nothing else beside it but what follows from that. */
async function causeOf(events: Event[], sheets: string[], receipt?: Event) {
  const { failed, failures, receipt: own } = await check(events, sheets, receipt);
  const [place = '', cause = ''] = failed.split('\n');
  return { failures, cause: /^ {6}(?!so also)/.test(cause) ? cause.trim() : place, own };
}

it('an honest draw has nothing to find', async () => {
  expect(await check(fileOf({}), [honest.sheet])).toMatchObject({ failures: 0, failed: '' });
});

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

describe('a seed changed', () => {
  const windowSeed = 'ab'.repeat(32);
  const other = drawFrom(options, honest.blocks, { windowSeed });

  it('is found by what was published when the draw closed', async () => {
    const events = fileOf({ winner: other.winner }).slice(0, -1);
    const { failures, cause } = await causeOf(events, [other.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe('windowSeed does not fit the windowSeedCommitment of its close');
  });

  it('is found by what was published when the lottery started, once it has ended', async () => {
    const { failures, cause } = await causeOf(fileOf({ ...other }), [other.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe('windowSeed does not come from the revealed seed');
  });

  it('is found where another seed is revealed', async () => {
    const { failures, cause } = await causeOf(
      [...fileOf({ ...other }).slice(0, -1), { ...ended(), seed: windowSeed }],
      [other.sheet],
    );
    expect(failures).toBe(1);
    expect(cause).toBe(
      'FAIL  lottery 7, run 1: the seed does not fit the seedCommitment published at the start',
    );
    expect(seed).not.toBe(windowSeed);
  });
});

describe('a round changed', () => {
  const round = Number(honest.close.round) + 1;
  const later = drawFrom(options, honest.blocks, { round });

  it('is found after the close', async () => {
    const { failures, cause } = await causeOf(fileOf({ winner: later.winner }), [later.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe(`the winner is drawn by round ${round}, and its close names round ${round - 1}`);
  });

  it('is found at the close: a round follows from the clock', async () => {
    const { failures, cause } = await causeOf(fileOf({ ...later }), [later.sheet]);
    const closedAt = firstWindow + windowMs + graceMs + 500;
    expect(failures).toBe(1);
    expect(cause).toBe(
      `its close names round ${round}, and by closedAt ${closedAt} it is round ${round - 1}`,
    );
  });

  it('is found where the beacon is left out', async () => {
    const { close, winner, sheet } = drawFrom({ ...options, beacon: false }, honest.blocks);
    const { cause } = await causeOf(fileOf({ close, winner }), [sheet]);
    expect(cause).toBe('its close names no beacon, and the start of its run chain ea72df70');
    const { cause: alone } = await causeOf(fileOf({ winner }), [sheet]);
    expect(alone).toMatch(/^the winner is drawn by no round, and its close names round \d+$/);
  });
});

describe('a draw without its close', () => {
  const right = Number(honest.close.round);
  const by = (round: number) =>
    drawFrom(options, honest.blocks, { round, beaconSignature: chain.sign(round) });
  const early = by(right - 5);
  const unclosed = (winner: Event, fields: Record<string, unknown> = {}) => [
    started(true, fields),
    ...honest.receipts,
    winner,
  ];

  it.each([5, -5])('is found by its sheet where the round is another: %i', async (more) => {
    const { winner, sheet } = by(right + more);
    const { failures, cause } = await causeOf(unclosed(winner), [sheet]);
    const closedAt = firstWindow + windowMs + graceMs + 500;
    expect(failures).toBe(1);
    expect(cause).toBe(
      `its sheet names round ${right + more}, and by closedAt ${closedAt} it is round ${right}`,
    );
  });

  it('is found where the winner has not the round of the sheet, or the sheet another seed', async () => {
    const { winner } = by(right + 1);
    const other = await causeOf(unclosed(winner), [honest.sheet]);
    expect(other.cause).toBe(`the winner is drawn by round ${right + 1}, and its sheet names round ${right}`);
    const { winner: own, sheet } = drawFrom(options, honest.blocks, { windowSeed: 'ab'.repeat(32) });
    const text = sheet.replace(String(JSON.parse(sheet.split('\n')[0] ?? '').windowSeedCommitment), seed);
    const seeds = await causeOf(unclosed({ ...own, type: 'LotteryWinnerEvent', sheet: nameOf(text) }), [
      text,
    ]);
    expect(seeds.cause).toBe('windowSeed does not fit the windowSeedCommitment of its sheet');
  });

  it('is found without a sheet where the round was there before the window was over', async () => {
    const { failures, cause } = await causeOf(unclosed(early.winner), []);
    expect(failures).toBe(1);
    expect(cause).toBe(`drawn by round ${right - 5}, and the first one behind its window is round ${right}`);
    expect((await check(unclosed(early.winner, { replay: true }))).failures).toBe(0);
  });

  it('is found once the run has ended, and is a note before', async () => {
    const { failures, cause } = await causeOf([...unclosed(honest.winner), ended()], [honest.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe('drawn without a close (DrawClosedEvent), and the lottery has ended');
    const running = await check(unclosed(honest.winner), [honest.sheet]);
    expect(running.failures).toBe(0);
    expect(running.text).toContain('note  no close (DrawClosedEvent)');
    const malformed = fileOf({ close: { ...honest.close, blocks: 0 } });
    expect((await check(malformed, [honest.sheet])).failures).toBe(1);
  });

  it.each(['windowRoot', 'sheet'])(
    'or a winner without its %s, where the run has receipts',
    async (field) => {
      const winner = { ...honest.winner, [field]: undefined };
      const { failures, cause } = await causeOf(fileOf({ winner }), [honest.sheet]);
      expect(failures).toBe(1);
      expect(cause).toBe(`the winner names no ${field}, in a run with receipts`);
    },
  );
});

describe('a beacon forged', () => {
  it.each([
    ['that of another round', chain.sign(Number(honest.close.round) - 1)],
    ['no point', `${'ab'.repeat(48)}`],
    ['the point at infinity', `c0${'00'.repeat(47)}`],
  ])('is found: %s', async (_, beaconSignature) => {
    const forged = drawFrom(options, honest.blocks, { beaconSignature });
    const { failures, cause } = await causeOf(fileOf({ winner: forged.winner }), [forged.sheet]);
    expect(failures).toBe(1);
    expect(cause).toBe(`beaconSignature is not that of round ${honest.close.round} of chain ea72df70`);
  });

  it("is found in another's chain that is called quicknet", async () => {
    const { quicknet } = await import('../../verify/beacon.ts');
    const beacon = { ...new TestChain().info, chainHash: quicknet.chainHash };
    const { cause } = await causeOf([started(true, { beacon })], []);
    expect(cause).toBe(
      'FAIL  lottery 7, run 1: its beacon is named quicknet, and has not the key, genesis and period of quicknet',
    );
  });
});

describe('a winner swapped', () => {
  const [header = '', ...blocks] = honest.sheet.split('\n');
  const told = JSON.parse(header);
  const friend = honest.receipts.find(({ entryId }) => entryId !== honest.winner.entryId);

  it('is found: another entry has a lower priority', async () => {
    const entryId = String(friend?.entryId);
    const its = hashes.priority(hashes.drawSeed(told.windowSeed, told.beaconSignature), entryId);
    const swapped = { entryId, userId: String(friend?.userId), priority: its };
    const sheet = [JSON.stringify({ ...told, winner: swapped }), ...blocks].join('\n');
    const winner = { ...honest.winner, ...swapped, sheet: nameOf(sheet) };
    const { failures, cause } = await causeOf(fileOf({ winner }), [sheet]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the sheet sheet 1: entry .* of user .* has a lower priority than the winner$/);
  });

  it('is found: the entry is that of another user', async () => {
    const { failures, cause } = await causeOf(fileOf({ winner: { ...honest.winner, userId: 'mallory' } }), [
      honest.sheet,
    ]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/winner's user .*, the winner's event says mallory$/);
  });
});

describe('a draw that was closed and not drawn, in a run that has ended', () => {
  const reason = 'closed without a winner, and the lottery has ended';

  it('is found without any receipt', async () => {
    const { failures, cause } = await causeOf([started(true), honest.close, ended()], []);
    expect(failures).toBe(1);
    expect(cause).toBe(reason);
  });

  it('is found where all its entries were refunded', async () => {
    const receipts = honest.receipts.slice(0, 3);
    const refunds = receipts.map(refundOf);
    const { failures, cause } = await causeOf(
      [started(true), ...receipts, honest.close, ...refunds, ended()],
      [],
    );
    expect(failures).toBe(1);
    expect(cause).toBe(reason);
  });

  it('is none while the run goes on, or where its winner cannot be read', async () => {
    const running = await check([started(true), honest.close]);
    expect(running.failures).toBe(0);
    expect(running.text).toContain(`note  no winner in the file for draws: ${drawId}`);
    const malformed = { ...honest.winner, priority: 'FF' };
    expect((await check(fileOf({ winner: malformed }))).failures).toBe(1);
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

describe('a sheet shortened', () => {
  const lines = honest.sheet.trimEnd().split('\n');

  it('is found by its name', async () => {
    const { failures, cause } = await causeOf(fileOf({}), [`${lines.slice(0, -1).join('\n')}\n`]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the sheet sheet 1 is not the one that the winner's event names: its SHA-256 is/);
  });

  it('is found where the name is that of the rest, by the root that was closed', async () => {
    const [first] = honest.blocks;
    if (first === undefined) throw new Error('no block');
    const shorter = drawFrom(options, [first]);
    const winner = { ...shorter.winner, windowRoot: honest.close.windowRoot };
    const { failures, cause } = await causeOf(fileOf({ winner }), [shorter.sheet]);
    expect(failures).toBe(1);
    expect(cause).toMatch(/^the sheet sheet 1 says windowRoot .*, the close says .*$/);
  });

  it('is found where it is cut off in a line', async () => {
    const { failures, cause } = await causeOf(fileOf({}), [honest.sheet.slice(0, -20)]);
    expect(failures).toBe(1);
    expect(cause).toContain('what follows it has no newline at its end');
  });
});

describe('two sheets for one draw', () => {
  const [, ...blocks] = honest.sheet.split('\n');
  const [header] = drawFrom({ ...options, prize: 'car' }, honest.blocks).sheet.split('\n');
  const other = [header, ...blocks].join('\n');

  it('are found where both are given', async () => {
    const { failures, cause } = await causeOf(fileOf({}), [honest.sheet, other]);
    expect(failures).toBe(1);
    expect(cause).toBe('two different sheets: sheet 1 and sheet 2');
  });

  it('are found by whoever was given the other one', async () => {
    const { cause } = await causeOf(fileOf({}), [other]);
    expect(cause).toContain("is not the one that the winner's event names");
  });

  it('are one where it is given twice', async () => {
    expect((await check(fileOf({}), [honest.sheet, honest.sheet])).text).toContain('1 sheet, ');
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
