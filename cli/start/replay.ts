import type { EventLine } from '../../client/event-lines.ts';
import type { Expectations } from '../../client/expectations.ts';
import type { Follower } from '../../client/follower.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import type { Producer } from '../../client/producer.ts';
import type { ReplayClock } from '../../client/replay-clock.ts';
import type { Heartbeat } from '../../lambda/core/events.ts';
import type { Clock } from '../../local/clock.ts';
import type { EventSourceMapping } from '../../local/event-source-mapping/index.ts';
import { Order } from './order.ts';
import { ReadAhead } from './read-ahead.ts';
import type { Turn } from './turn.ts';

/** Words for what is missing, at most so many. */
const NAMED = 5;

/** Records that are put and have no outcome yet, at most: some are put while the largest batch is processed. */
const MOST_UNDER_WAY = 12_000;

/** How often shards are looked for that a reshard has opened, ms. */
const KEEP_UP_MS = 1_000;

export interface ReplayOptions {
  lines: AsyncIterable<EventLine> | Iterable<EventLine>;
  producer: Pick<Producer, 'putAll'>;
  expectations: Expectations;
  follower: Pick<Follower, 'until' | 'caughtUp'>;
  /** Absent where time is not that of the events: then windows are complete by themselves. */
  replayClock?: Pick<ReplayClock, 'time' | 'reach' | 'keepUp'>;
  graceMs: number;
  /** In the order of the data's flow. */
  mappings: readonly EventSourceMapping[];
  clock: Clock;
  signal: AbortSignal;
  /** Gives up when the output streams have been quiet for so long, in ms. */
  stallMs: number;
  /** Told the outcome of each line. */
  onOutcome?: (line: EventLine, event: OutputEvent) => void;
}

/**
 * Puts the lines on both streams, as `Order` says, then has their last windows complete, and waits until the pipeline has
 * done everything with them: every record has its outcome, every accepted click its draw, every lottery that ends its end.
 * @throws Error that names what is missing when nothing comes any more, or the lines that cannot be put.
 */
export async function replay(options: ReplayOptions): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const work = putAndWait({ ...options, signal });
  const keeping = keepUp({ ...options, signal });
  try {
    await Promise.race([work, keeping.then(() => work)]);
  } finally {
    ending.abort();
    await Promise.allSettled([work, keeping]);
  }
}

/** Until the signal is aborted. */
async function keepUp({ replayClock, clock, signal }: ReplayOptions): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(KEEP_UP_MS, signal);
    if (!signal.aborted) await replayClock?.keepUp();
  }
}

async function putAndWait(options: ReplayOptions): Promise<void> {
  const { lines, clock, signal } = options;
  const order = new Order({
    now: () => clock.now(),
    endOf: (lotteryId) => endOf(lotteryId, options),
    graceMs: options.replayClock ? options.graceMs : Number.POSITIVE_INFINITY,
  });
  const ahead = new ReadAhead({ lines, order, clock, signal });
  while (await ahead.hasMore()) {
    const turn = await nextTurn(order, options);
    if (signal.aborted) return;
    await put(turn, order, options);
    ahead.roomWasMade();
  }
  await processed(options);
}

/** Where time is not that of the events every end comes by itself. */
function endOf(lotteryId: string, { expectations, replayClock }: ReplayOptions): number | undefined {
  const end = expectations.endOf(lotteryId);
  return end === undefined || replayClock ? end : 0;
}

/** Waits for the outcomes that the waiting lines depend on. */
async function nextTurn(order: Order, options: ReplayOptions): Promise<Turn> {
  const { expectations, replayClock } = options;
  let turn: Turn = { lottery: [], user: [], before: new Map() };
  await settled(() => {
    if (expectations.outcomes.owed >= MOST_UNDER_WAY) return false;
    turn = order.take();
    const tells = turn.time !== undefined && replayClock !== undefined && turn.time > replayClock.time;
    return tells || turn.lottery.length + turn.user.length > 0;
  }, options);
  return turn;
}

async function put(turn: Turn, order: Order, options: ReplayOptions): Promise<void> {
  const { expectations, replayClock, onOutcome } = options;
  await Promise.all(
    (['lottery', 'user'] as const).map(async (stream) => {
      const lines = turn[stream];
      const recordIds = await putOn(stream, lines, turn.before, options);
      for (const [index, line] of lines.entries()) {
        expectations.expect(stream, recordIds[index] ?? '', (event) => {
          order.settle(line);
          onOutcome?.(line, event);
        });
      }
    }),
  );
  expectations.outcomes.forgetEarly();
  if (turn.time !== undefined) await replayClock?.reach(turn.time);
}

/** @returns the ids of the lines' records */
async function putOn(
  stream: EventLine['stream'],
  lines: readonly EventLine[],
  before: Turn['before'],
  { producer }: ReplayOptions,
): Promise<string[]> {
  const records = lines.flatMap((line) => [...heartbeatBefore(line, before), line]);
  try {
    const ids = await producer.putAll(stream, records);
    const isLine = new Set<object>(lines);
    return ids.filter((_, index) => isLine.has(records[index] ?? {}));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const range = `Lines ${lines[0]?.number} to ${lines.at(-1)?.number}`;
    throw new Error(`${range} could not be put on the ${stream} stream: ${message}`, { cause: error });
  }
}

/** It goes to the line's shard, and has no outcome. */
function heartbeatBefore(
  line: EventLine,
  before: Turn['before'],
): Pick<EventLine, 'partitionKey' | 'data'>[] {
  const time = before.get(line);
  if (time === undefined) return [];
  const heartbeat: Heartbeat = { type: 'Heartbeat', time };
  return [{ partitionKey: line.partitionKey, data: Buffer.from(JSON.stringify(heartbeat)) }];
}

/** Nothing is owed, and nothing that is still on its way (a refund, say) owes more. */
async function processed(options: ReplayOptions): Promise<void> {
  const { expectations, follower, mappings, signal } = options;
  do {
    await settled(() => expectations.outcomes.owed === 0, options);
    await completeWindows(options);
    await settled(() => expectations.complete, options);
    for (const mapping of mappings.filter(readsStream)) {
      if (signal.aborted) return;
      await mapping.drained(signal);
    }
    await follower.caughtUp(signal);
  } while (!expectations.complete && !signal.aborted);
}

/** All outcomes are there, and with them all draws and ends that are to come. */
async function completeWindows({ expectations, replayClock, signal }: ReplayOptions): Promise<void> {
  const { completeAt } = expectations;
  if (completeAt > 0 && !signal.aborted) await replayClock?.reach(completeAt);
}

/**
 * Not the queue of ticks: what is left there ticks once more, and all that is waited for has come. Nor what reads the output
 * streams: nothing is owed for that, and the archive waits a minute to fill a batch.
 */
function readsStream(mapping: EventSourceMapping): boolean {
  const { sourceArn } = mapping.status();
  return /^(arn:aws:kinesis:|arn:aws:kafka:|kafka:)/.test(sourceArn) && !/-output(-topic)?$/.test(sourceArn);
}

function settled(condition: () => boolean, options: ReplayOptions): Promise<void> {
  const { follower, expectations, signal, stallMs } = options;
  return follower.until(condition, signal, stallMs, () => named(expectations.missing));
}

function named(missing: readonly string[]): string {
  const rest = missing.length - NAMED;
  return [...missing.slice(0, NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
