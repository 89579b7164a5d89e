/** The output of a lottery as docs/fairness.md has it: events, sheets, and what a cheat needs to make them anew. */
import { verify } from '../../../verify/verify.ts';
import {
  type Block,
  batchOf,
  hexOf,
  hmac,
  type Pair,
  ReceiptsKey,
  sha256,
  TestChain,
  unhex,
  windowRootOf,
} from './scheme.ts';

export type Event = Record<string, unknown> & { type: string };

export const seed = '4f1c9a3be07d5528a6d1e4937bc2f08e5a60d7713c94be12f8056e9d21ab7c43';
export const firstWindow = 1_700_000_000_000;
export const windowMs = 10_000;
export const graceMs = 2_000;
export const key = new ReceiptsKey();
export const chain = new TestChain();

export interface DrawOptions {
  window: number;
  /** In stream order, by batch. */
  batches: readonly (readonly Pair[])[];
  /** What was closed; by default all batches. */
  closed?: readonly Block[];
  beacon: boolean;
  /** ms after the window's end and grace. */
  closedAfter?: number;
  prize?: string;
}

/** One draw, whole: what is published of it, and its sheet. */
export interface Drawn {
  drawId: string;
  blocks: Block[];
  receipts: Event[];
  close: Event;
  winner: Event;
  /** The text of the sheet. */
  sheet: string;
}

export function drawIdOf(window: number, lotteryId = '7'): string {
  return `${lotteryId}@${firstWindow + window * windowMs}`;
}

/** Makes a draw by the rules. */
export function draw(options: DrawOptions): Drawn {
  const drawId = drawIdOf(options.window);
  const blocks = options.batches.flatMap((entries) => batchOf(key, { [drawId]: entries }));
  return {
    ...drawFrom(options, options.closed ?? blocks),
    drawId,
    blocks,
    receipts: receiptsOf(options.window, blocks),
  };
}

export function windowOf(window: number) {
  const windowStart = firstWindow + window * windowMs;
  return { windowStart, windowEnd: windowStart + windowMs };
}

export function receiptsOf(window: number, blocks: readonly Block[]): Event[] {
  const { windowStart } = windowOf(window);
  return blocks.flatMap(({ drawId, entries, receipts }) =>
    entries.map(([entryId, userId], index) => ({
      ...{ type: 'ClickAcceptedEvent', userId, lotteryId: 7, drawId, ...windowOf(window) },
      ...{ timestamp: windowStart + 1_000, arrival: windowStart + 1_200, entryId, availableCoupons: 3 },
      receipt: receipts[index],
    })),
  );
}

/** What is drawn from blocks; the round and its signature may be another's. */
export function drawFrom(
  { window, beacon, closedAfter = 500, prize }: DrawOptions,
  closed: readonly Block[],
  forged: { round?: number; beaconSignature?: string; windowSeed?: string; drawId?: string } = {},
): Pick<Drawn, 'close' | 'winner' | 'sheet'> {
  const { drawId = drawIdOf(window), windowSeed = hmac(seed, `7:${windowOf(window).windowStart}`) } = forged;
  const common = { drawId, lotteryId: '7', run: 1, ...windowOf(window) };
  const overAt = common.windowEnd + graceMs;
  const closedAt = overAt + closedAfter;
  const round = forged.round ?? chain.roundAfter(overAt, closedAt);
  const beaconSignature = forged.beaconSignature ?? (beacon ? chain.sign(round) : undefined);
  const distinct = [...new Map(closed.map((block) => [block.root, block])).values()].sort((left, right) =>
    left.root < right.root ? -1 : 1,
  );
  const entries = new Map(distinct.flatMap((block) => block.entries));
  const drawSeed = beacon ? hexOf(sha256(`${windowSeed}:${beaconSignature}`)) : windowSeed;
  const ranked = [...entries]
    .map(([entryId, userId]) => ({ entryId, userId, priority: hexOf(sha256(`${drawSeed}:${entryId}`)) }))
    .sort((left, right) => (left.priority < right.priority ? -1 : 1));
  const windowRoot = windowRootOf(distinct.map(({ root }) => root));
  const windowSeedCommitment = hexOf(sha256(unhex(windowSeed)));
  const sheet = sheetText(
    {
      ...{ type: 'DrawSheet', ...common, entries: entries.size, blocks: distinct.length, windowRoot },
      ...{ windowSeed, windowSeedCommitment, closedAt },
      ...(beacon && { chainHash: chain.info.chainHash, round, beaconSignature }),
      ...{ winner: ranked[0], prize },
    },
    distinct,
  );
  return {
    sheet,
    close: {
      ...{ type: 'DrawClosedEvent', ...common, lotteryId: 7, windowRoot, blocks: distinct.length },
      ...{ windowSeedCommitment, closedAt },
      ...(beacon && { round, chainHash: chain.info.chainHash }),
    },
    winner: {
      ...{
        type: 'LotteryWinnerEvent',
        ...common,
        lotteryId: 7,
        ...ranked[0],
        entries: entries.size,
        windowSeed,
      },
      ...{ windowRoot, sheet: nameOf(sheet), ...(beacon && { round, beaconSignature }), prize },
    },
  };
}

export function sheetText(header: object, blocks: readonly Pick<Block, 'root' | 'entries'>[]): string {
  const lines = [header, ...blocks.map(({ root, entries }) => ({ root, entries }))];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What a sheet is called. */
export function nameOf(sheet: string): string {
  return hexOf(sha256(sheet));
}

export function started(beacon: boolean, fields: Record<string, unknown> = {}): Event {
  return {
    ...{ type: 'LotteryStartedEvent', lotteryId: 7, run: 1, seedCommitment: hexOf(sha256(unhex(seed))) },
    ...{ windowMs, graceMs, firstWindowStart: firstWindow, recordId: 'x:1', receiptKey: key.publicKey },
    ...(beacon ? { beacon: chain.info } : { randomness: 'seed' }),
    ...fields,
  };
}

export function ended(): Event {
  return {
    type: 'LotteryEndedEvent',
    lotteryId: 7,
    run: 1,
    seed,
    seedCommitment: hexOf(sha256(unhex(seed))),
  };
}

/** The id of the n-th entry, and a user with an id of any kind. */
export function pair(number: number): Pair {
  return [
    `shardId-000000000000:${String(number).padStart(56, '4')}`,
    number % 3 === 0 ? `user "${number}" ✓` : `${number}`,
  ];
}

/** Two batches of entries for a window. */
export function batchesOf(window: number): Pair[][] {
  const pairs = Array.from({ length: 7 }, (_, index) => pair(100 * window + index));
  return [pairs.slice(0, 3), pairs.slice(3)];
}

/** Events and sheets as they are checked. */
export async function check(events: readonly Event[], sheets: readonly string[] = [], receipt?: Event) {
  const files = sheets.map((text, index) => ({ name: `sheet ${index + 1}`, chunks: [Buffer.from(text)] }));
  const lines = events.map((event) => JSON.stringify(event));
  const report = await verify(lines, { sheets: files, ...(receipt && { receipt: JSON.stringify(receipt) }) });
  return { ...report, text: report.text.join('\n'), failed: report.failed.join('\n') };
}
