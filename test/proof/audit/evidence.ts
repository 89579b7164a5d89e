import { createHash } from 'node:crypto';
import type { OutputEvent } from '../../../client/output-events.ts';
import { signatureFromDer } from '../../../lambda/adapters/der-signature.ts';
import { BatchTrees, entryJson } from '../../../lambda/core/batch-trees.ts';
import { windowSeedCommitment } from '../../../lambda/core/beacon.ts';
import { priority, seedCommitment, windowSeed } from '../../../lambda/core/fairness.ts';
import { rootOfHashes } from '../../../lambda/core/merkle.ts';
import { receiptText } from '../../../lambda/core/receipt.ts';
import type { Block, Evidence } from '../../../proof/audit/evidence.ts';
import type { InputRecord } from '../../../proof/oracle/streams.ts';
import { deterministicKey } from '../../../proof/simulation/services/kms/deterministic-keys.ts';
import { buy, click, start, stop } from '../../support/client-events.ts';
import { shardId as shard } from '../../support/records.ts';

/**
 * A small run in which all is right: user 1 wins over user 2; what user 3 clicked was redriven after the draw, which it would
 * have won, and the coupon went back. The run was stopped in the only window.
 */

const windowMs = 2_000;
const seed = 'ab'.repeat(32);
const drawSeed = windowSeed(seed, '1', windowMs);

/** The record ids of three clicks, in the order of their priorities. */
const [late, won, lost] = Array.from({ length: 3 }, (_, index) => `${shard}:${100 + index}`).toSorted(
  (a, b) => (priority(drawSeed, a) < priority(drawSeed, b) ? -1 : 1),
) as [string, string, string];

const drawId = `1@${windowMs}`;

/** The name that an object of the draws bucket has by what is in it. */
export const nameOf = (object: object) => createHash('sha256').update(JSON.stringify(object)).digest('hex');

/** Of two batches; the second one came again with the first's entry in it. */
export const blocks: Record<'first' | 'second', Block> = {
  first: { [drawId]: [[won, '1']] },
  second: {
    [drawId]: [
      [won, '1'],
      [lost, '2'],
    ],
    '2@4000': [[`${shard}:900`, '9']],
  },
};
export const names = { first: nameOf(blocks.first), second: nameOf(blocks.second) };

const late3: Block = { [drawId]: [[late, '3']] };

const { publicKey, sign } = deterministicKey('of receipts');
export const receiptKey = publicKey.toString('base64');

/** The trees of a block, and what signs them. */
function proofsOf(block: Block) {
  const draws = Object.entries(block).map(([id, entries]) => ({
    drawId: id,
    entries: entries.map(entryJson),
  }));
  const trees = new BatchTrees(draws);
  return { trees, signature: signatureFromDer(sign(Buffer.from(receiptText(trees.batchRoot)))) };
}

/** As draws know a block: its object, and the root of the draw's entries in it. */
export const refOf = (block: Block) => `${nameOf(block)}/${proofsOf(block).trees.rootOf(drawId)}`;
export const refs = [blocks.first, blocks.second]
  .map(refOf)
  .toSorted((a, b) => (a.slice(65) < b.slice(65) ? -1 : 1));
const windowRoot = rootOfHashes(refs.map((ref) => ref.slice(65)));
const commitment = windowSeedCommitment(seed, '1', windowMs);
const closedAt = 5_300;

const winner = { entryId: won, userId: '1', priority: priority(drawSeed, won) };
const sheetText = [
  {
    ...{ type: 'DrawSheet', drawId, lotteryId: '1', run: 1, windowStart: windowMs, windowEnd: 2 * windowMs },
    ...{ entries: 2, blocks: 2, windowRoot, windowSeed: drawSeed, windowSeedCommitment: commitment },
    ...{ closedAt, winner },
  },
  ...refs.map((ref) => {
    const block = ref.startsWith(names.first) ? blocks.first : blocks.second;
    return { root: ref.slice(65), entries: block[drawId] };
  }),
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');
const sheet = createHash('sha256').update(sheetText).digest('hex');

export const closedEvent: OutputEvent = {
  ...{
    type: 'DrawClosedEvent',
    drawId,
    lotteryId: 1,
    run: 1,
    windowStart: windowMs,
    windowEnd: 2 * windowMs,
  },
  ...{ windowRoot, blocks: 2, windowSeedCommitment: commitment, closedAt },
};

function accepted(userId: number, entryId: string, block: Block): OutputEvent {
  const { trees, signature } = proofsOf(block);
  const index = block[drawId]?.findIndex(([id]) => id === entryId) ?? -1;
  return {
    ...{ type: 'ClickAcceptedEvent', userId, lotteryId: 1, timestamp: windowMs + 5, entryId, drawId },
    ...{ arrival: windowMs + 6, windowStart: windowMs, windowEnd: 2 * windowMs, availableCoupons: 4 },
    receipt: trees.receiptOf(drawId, index, signature),
  };
}

function bought(userId: number): OutputEvent {
  const recordId = `${shard}:${userId}`;
  return { type: 'CouponsBoughtEvent', userId, purchasedCoupons: 5, availableCoupons: 5, recordId };
}

export const winnerEvent: OutputEvent = {
  ...{ type: 'LotteryWinnerEvent', drawId, lotteryId: 1, run: 1, userId: 1, entries: 2, entryId: won },
  ...{ windowStart: windowMs, windowEnd: 2 * windowMs },
  ...{ priority: priority(drawSeed, won), windowSeed: drawSeed, windowRoot, sheet },
};

export const refundEvent: OutputEvent = {
  ...{ type: 'CouponRefundedEvent', userId: 3, lotteryId: 1, entryId: late, drawId },
  ...{ availableCoupons: 5, recordId: `${shard}:200` },
};

export const endedEvent: OutputEvent = {
  ...{ type: 'LotteryEndedEvent', lotteryId: 1, run: 1, seed, seedCommitment: seedCommitment(seed) },
};

const startedEvent: OutputEvent = {
  ...{ type: 'LotteryStartedEvent', lotteryId: 1, run: 1, seedCommitment: seedCommitment(seed) },
  ...{ windowMs, graceMs: 1_000, firstWindowStart: windowMs, recordId: `${shard}:1` },
  ...{ receiptKey, randomness: 'seed' },
};

const stoppedEvent: OutputEvent = {
  ...{ type: 'LotteryStoppedEvent', lotteryId: 1, run: 1, lastWindowStart: windowMs, recordId: `${shard}:2` },
};

export const receipts = {
  late: accepted(3, late, late3),
  won: accepted(1, won, blocks.first),
  lost: accepted(2, lost, blocks.second),
};

/** A record of an input stream that holds this event. */
function input(id: string, partitionKey: string, event: object): InputRecord {
  const [shardId = '', sequenceNumber = ''] = id.split(':');
  return {
    ...{ shardId, sequenceNumber, partitionKey, arrival: windowMs + 6 },
    data: Buffer.from(JSON.stringify(event)),
  };
}

const buys = [1, 2, 3].map((userId) => input(`${shard}:${userId}`, `${userId}`, buy(userId, 5)));
const clicks = [
  { userId: 3, id: late },
  { userId: 1, id: won },
  { userId: 2, id: lost },
].map(({ userId, id }) => input(id, `${userId}`, click(userId, windowMs + 5)));
/** After the click that it gives back. */
const refundId = `${shard}:200`;
const refund = input(refundId, '3', {
  ...{ type: 'CouponRefundEvent', userId: 3, lotteryId: 1, entryId: late, drawId },
});
const lotteryInputs = [input(`${shard}:1`, '1', start()), input(`${shard}:2`, '1', stop())];

const idOf = ({ shardId, sequenceNumber }: InputRecord): string => `${shardId}:${sequenceNumber}`;

const events: Evidence['outputs'] = {
  lottery: [startedEvent, stoppedEvent, closedEvent, winnerEvent, endedEvent],
  user: [bought(1), bought(2), bought(3), receipts.late, receipts.won, receipts.lost, refundEvent],
};

/** As if nobody had seen when they came. */
export function publishedOf({ lottery, user }: Evidence['outputs']): Evidence['published'] {
  const textOf = (event: OutputEvent) => ({ text: JSON.stringify(event) });
  return { lottery: lottery.map(textOf), user: user.map(textOf) };
}

const output = (n: number) => `${shard}:${n}`;
const archivedAt = Date.parse('2026-11-26T12:00:00Z');
/** What is no JSON is there as base64. */
const kept = (n: number, content: string) =>
  `{"recordId":"${output(n)}","arrival":${archivedAt},${content}}\n`;

export const sound: Evidence = {
  emitted: {
    lottery: new Map([[output(1), '{"n": 1}']]),
    user: new Map([
      [output(1), '{"n":2}'],
      [output(2), 'no JSON'],
      [output(3), '{"n":3}'],
    ]),
  },
  archive: new Map([
    [`archive/lottery/2026-11-26/${shard}/1-1.jsonl.gz`, kept(1, '"event":{"n": 1}')],
    [
      `archive/user/2026-11-26/${shard}/1-2.jsonl.gz`,
      kept(1, '"event":{"n":2}') + kept(2, '"raw":"bm8gSlNPTg=="'),
    ],
    [
      `archive/user/2026-11-26/${shard}/2-3.jsonl.gz`,
      kept(2, '"raw":"bm8gSlNPTg=="') + kept(3, '"event":{"n":3}'),
    ],
  ]),
  settings: {
    ...{ windowMs, graceMs: 1_000, toleranceMs: 120_000 },
    ...{ slackMs: 50, until: 1_000_000, redriven: new Set([late]) },
  },
  parents: { lottery: new Map(), user: new Map() },
  published: publishedOf(events),
  put: {
    lottery: lotteryInputs.map(idOf),
    user: [...buys, ...clicks].map(idOf),
  },
  inputs: { lottery: lotteryInputs, user: [...buys, ...clicks, refund] },
  outputs: events,
  users: [
    { userId: '1', coupons: 4 },
    { userId: '2', coupons: 4 },
    { userId: '3', coupons: 5 },
  ],
  draws: [
    {
      ...{ drawId, lotteryId: '1', run: 1, windowStart: windowMs, windowEnd: 2 * windowMs, entries: 2 },
      ...{ winner, windowSeed: drawSeed, blocks: refs, windowRoot, sheet },
    },
  ],
  refunds: [
    {
      ...{ refundId: `${drawId}/${late}`, drawId, entryId: late, userId: '3', lotteryId: '1', run: 1 },
      ...{ grantedAt: 60_000, isTaken: true },
    },
  ],
  grants: [],
  closed: [
    {
      ...{ drawId, lotteryId: '1', run: 1, windowStart: windowMs, windowEnd: 2 * windowMs },
      ...{ blocks: refs, windowRoot, windowSeedCommitment: commitment, closedAt },
    },
  ],
  sheets: new Map([[sheet, sheetText]]),
  signatures: new Map(),
  open: [{ drawId: '1#1/open', version: 3, draws: {} }],
  blocks: new Map([
    [names.first, blocks.first],
    [names.second, blocks.second],
    // It was redriven: no draw has it.
    [nameOf(late3), late3],
  ]),
  lotteries: [
    {
      ...{ lotteryId: '1', run: 0 },
      current: {
        ...{ lotteryId: '1', run: 1, status: 'ended', seedCommitment: seedCommitment(seed) },
        ...{ windowMs, graceMs: 1_000, firstWindowStart: windowMs, lastWindowStart: windowMs, receiptKey },
      },
    },
  ],
  seeds: [{ seedCommitment: seedCommitment(seed), seed }],
  failedBatches: [],
};

export { drawId, late, lost, seed, shard, won };
