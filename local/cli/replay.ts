import type { Clock } from '../clock.ts';
import type { EventSourceMapping } from '../event-source-mapping/index.ts';
import type { EventLine } from './event-lines.ts';
import type { Follower } from './follower.ts';
import type { Producer } from './producer.ts';
import type { Progress } from './progress.ts';

/**
 * The user-events function may know an active lottery for a second (lambda/adapters/cached-lotteries.ts): only then is
 * a stop, or an end, sure to be seen by all clicks after it. In ms, with a margin.
 */
const ACTIVE_LOTTERY_CACHE_MS = 1_100;

/** Words for what is missing, at most so many. */
const NAMED = 5;

export interface ReplayOptions {
  lines: readonly EventLine[];
  producer: Producer;
  progress: Progress;
  follower: Follower;
  /** In the order of the data's flow. */
  mappings: readonly EventSourceMapping[];
  clock: Clock;
  signal: AbortSignal;
  /** Gives up when the output streams have been quiet for so long, in ms. */
  stallMs: number;
}

/**
 * Puts the lines in their order over both streams and waits until the pipeline has done everything with them:
 * every record has its outcome, every accepted click its draw, every lottery that ends its end. A start of a
 * lottery that is about to end waits for that end.
 * @throws Error that names what is missing when nothing comes any more, or the line that cannot be put.
 */
export async function replay(options: ReplayOptions): Promise<void> {
  const { lines, progress, signal } = options;
  for (const line of lines) {
    if (signal.aborted) return;
    if (line.stream === 'lottery') {
      await settled(() => progress.allOutcomes, options);
      if (isOfType(line, 'LotteryStartEvent')) await startable(line, options);
    }
    await put(line, options);
    if (line.stream === 'lottery') await takenEffect(line, options);
  }
  await processed(options);
}

async function put(line: EventLine, { producer, progress }: ReplayOptions): Promise<void> {
  try {
    progress.expect(line.stream, await producer.put(line));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`Line ${line.number} could not be put on the ${line.stream} stream: ${message}`, {
      cause: error,
    });
  }
}

/** A lottery event counts for every event that is put after it. */
async function takenEffect(line: EventLine, options: ReplayOptions): Promise<void> {
  await settled(() => options.progress.allOutcomes, options);
  if (isOfType(line, 'LotteryStopEvent')) await cacheExpired(options);
}

/** A lottery that is ending can be started again when it has ended, and not before. */
async function startable({ partitionKey }: EventLine, options: ReplayOptions): Promise<void> {
  const { progress } = options;
  if (!progress.isEnding(partitionKey)) return;
  await settled(() => !progress.isEnding(partitionKey), options);
  await cacheExpired(options);
}

function isOfType({ data }: EventLine, type: string): boolean {
  return Buffer.from(data).includes(type);
}

function cacheExpired({ clock, signal }: ReplayOptions): Promise<void> {
  return clock.sleep(ACTIVE_LOTTERY_CACHE_MS, signal);
}

/** Nothing is owed, and nothing that is still on its way (an entry moved to a later draw, say) owes more. */
async function processed(options: ReplayOptions): Promise<void> {
  const { progress, follower, mappings, signal } = options;
  do {
    await settled(() => progress.complete, options);
    for (const mapping of mappings.filter(readsStream)) {
      if (signal.aborted) return;
      await mapping.drained(signal);
    }
    await follower.caughtUp(signal);
  } while (!progress.complete && !signal.aborted);
}

/** Not the queue of ticks: what is delayed there only wakes draws, and all that are waited for have come. */
function readsStream(mapping: EventSourceMapping): boolean {
  return mapping.status().sourceArn.startsWith('arn:aws:kinesis:');
}

function settled(condition: () => boolean, options: ReplayOptions): Promise<void> {
  const { follower, progress, signal, stallMs } = options;
  return follower.until(condition, signal, stallMs, () => named(progress.missing));
}

function named(missing: readonly string[]): string {
  const rest = missing.length - NAMED;
  return [...missing.slice(0, NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
