import type { Clock } from '../clock.ts';
import type { EventSourceMapping } from '../event-source-mapping/index.ts';
import type { EventLine } from './event-lines.ts';
import type { Follower } from './follower.ts';
import type { Producer } from './producer.ts';
import type { Progress } from './progress.ts';

/**
 * The user-events function may know an active lottery for a second (DESIGN 4): only then is a stop sure to be
 * seen by all clicks after it. In ms, with a margin.
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
 * every record has its outcome, every accepted click its draw, every lottery that ends its end.
 * @throws Error that names what is missing when nothing comes any more, or the line that cannot be put.
 */
export async function replay(options: ReplayOptions): Promise<void> {
  const { lines, progress, signal } = options;
  for (const line of lines) {
    if (signal.aborted) return;
    if (line.stream === 'lottery') await settled(() => progress.allOutcomes, options);
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
  const isStop = Buffer.from(line.data).includes('LotteryStopEvent');
  if (isStop) await options.clock.sleep(ACTIVE_LOTTERY_CACHE_MS, options.signal);
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
