import * as z from 'zod/mini';
import type { LiveEvent, RunFacts } from './live-events.ts';
import { runFactsSchema } from './live-events.ts';
import { maximumHistory, maximumWindows } from './live-view.ts';
import type { LotteryRun } from './lottery.ts';

/** Windows that a shard counts receipts of. Of what is older the draws tell the number. */
const maximumCounted = 60;

const drawFactsSchema = z.object({
  root: z.string(),
  blocks: z.optional(z.number()),
  round: z.optional(z.number()),
  closedAt: z.optional(z.number()),
  commitment: z.optional(z.string()),
  winner: z.optional(
    z.object({
      userId: z.string(),
      entryId: z.string(),
      priority: z.string(),
      prize: z.optional(z.string()),
      sheet: z.string(),
      beaconSignature: z.optional(z.string()),
      windowSeed: z.string(),
    }),
  ),
});

const byWindow = <Value extends z.core.$ZodType>(value: Value) => z.record(z.string(), value);

/** What one shard of an output stream has said of a lottery: of its last run that the shard knows of, and of what was rejected. */
export const livePartSchema = z.object({
  /** 0: none yet. */
  run: z.number(),
  facts: z.optional(runFactsSchema),
  lastWindowStart: z.optional(z.number()),
  seed: z.optional(z.string()),
  /** By the starts of windows: receipts; closed and drawn draws; entries of drawn ones. */
  counts: byWindow(z.number()),
  draws: byWindow(drawFactsSchema),
  exact: byWindow(z.number()),
  /** Draws made. */
  winners: z.number(),
  rejected: z.record(z.string(), z.number()),
});

export type DrawFacts = z.infer<typeof drawFactsSchema>;
export type LivePart = z.infer<typeof livePartSchema>;

export const emptyPart: LivePart = {
  run: 0,
  counts: {},
  draws: {},
  exact: {},
  winners: 0,
  rejected: {},
};

/** Pure: `part` stays as it is. Events of a run before the part's own say nothing any more. */
export function withEvents(part: LivePart, events: readonly LiveEvent[]): LivePart {
  const next = copyOf(part);
  for (const event of events) {
    if (event.kind === 'rejected') {
      next.rejected[event.reason] = (next.rejected[event.reason] ?? 0) + 1;
      continue;
    }
    if (event.run < next.run) continue;
    if (event.run > next.run) Object.assign(next, ofNewRun(event.run));
    apply(next, event);
  }
  return {
    ...next,
    counts: newest(next.counts, maximumCounted),
    draws: newest(next.draws, maximumWindows),
    exact: newest(next.exact, maximumHistory),
  };
}

function copyOf(part: LivePart): LivePart {
  const { counts, draws, exact, rejected } = part;
  return {
    ...part,
    ...{ counts: { ...counts }, draws: { ...draws }, exact: { ...exact }, rejected: { ...rejected } },
  };
}

function ofNewRun(run: number): Omit<LivePart, 'rejected'> {
  return {
    ...{ run, facts: undefined, lastWindowStart: undefined, seed: undefined },
    ...{ counts: {}, draws: {}, exact: {}, winners: 0 },
  };
}

function apply(part: LivePart, event: Exclude<LiveEvent, { kind: 'rejected' }>): void {
  switch (event.kind) {
    case 'accepted':
      part.counts[event.windowStart] = (part.counts[event.windowStart] ?? 0) + 1;
      return;
    case 'started':
      part.facts = factsOf(event);
      return;
    case 'stopped':
      part.lastWindowStart = event.lastWindowStart;
      return;
    case 'closed':
      part.draws[event.windowStart] = { ...part.draws[event.windowStart], ...closedFacts(event) };
      return;
    case 'drawn':
      // One that is announced again is the same draw.
      if (part.exact[event.windowStart] === undefined) part.winners += 1;
      part.exact[event.windowStart] = event.entries;
      part.draws[event.windowStart] = { ...part.draws[event.windowStart], ...drawnFacts(event) };
      return;
    case 'ended':
      part.seed = event.seed;
      return;
    default:
      event satisfies never;
  }
}

/** What there is to say of a run whose start nobody has on a stream any more. */
export function partOfRun({ status, lastWindowStart, ...known }: LotteryRun): LivePart {
  const { run, windowMs, graceMs, firstWindowStart, prizes, beacon, receiptKey, seedCommitment } = known;
  const facts: RunFacts = {
    ...{ windowMs, graceMs, receiptKey, seedCommitment },
    ...(firstWindowStart !== undefined && { firstWindowStart }),
    ...(prizes && { prizes: [...prizes] }),
    ...(beacon && { beacon }),
    ...(known.replay && { replay: true as const }),
  };
  // While it is active a stop is to come on the stream: it alone sets what the prizes do not.
  return { ...emptyPart, run, facts, ...(status !== 'active' && { lastWindowStart }) };
}

function factsOf(event: Extract<LiveEvent, { kind: 'started' }>): RunFacts {
  const { kind: _kind, lotteryId: _lotteryId, run: _run, prizes, ...facts } = event;
  return { ...facts, ...(prizes && { prizes: withinItem(prizes) }) };
}

/**
 * Bytes of JSON that the prizes of a run may take: an item holds 400 KB, and the draws need their share. All that a start may
 * have fits in, but for control characters, of which each takes six bytes.
 */
const maximumPrizesBytes = 150_000;

/** What finds no room keeps its place. A part that could not be stored would hold up its shard, and so all lotteries. */
function withinItem(prizes: readonly string[]): string[] {
  let bytes = 0;
  return prizes.map((prize) => {
    bytes += Buffer.byteLength(JSON.stringify(prize)) + 1;
    return bytes <= maximumPrizesBytes ? prize : '…';
  });
}

function closedFacts(event: Extract<LiveEvent, { kind: 'closed' }>): DrawFacts {
  const { windowRoot: root, blocks, round, closedAt, windowSeedCommitment: commitment } = event;
  return { root, blocks, ...(round !== undefined && { round }), closedAt, commitment };
}

function drawnFacts(event: Extract<LiveEvent, { kind: 'drawn' }>): DrawFacts {
  const {
    windowRoot: root,
    round,
    userId,
    entryId,
    priority,
    prize,
    sheet,
    beaconSignature,
    windowSeed,
  } = event;
  return {
    root,
    ...(round !== undefined && { round }),
    winner: {
      ...{ userId, entryId, priority, sheet, windowSeed },
      ...(prize !== undefined && { prize: shortened(prize) }),
      ...(beaconSignature !== undefined && { beaconSignature }),
    },
  };
}

/** Characters of a prize that are shown. */
const maximumPrize = 200;

export function shortened(prize: string): string {
  return prize.length <= maximumPrize ? prize : `${prize.slice(0, maximumPrize - 1).toWellFormed()}…`;
}

function newest<Value>(values: Record<string, Value>, most: number): Record<string, Value> {
  const entries = Object.entries(values);
  if (entries.length <= most) return values;
  return Object.fromEntries(entries.sort(([left], [right]) => Number(left) - Number(right)).slice(-most));
}
