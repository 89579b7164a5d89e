import * as z from 'zod/mini';
import type { EventLine } from '../../client/event-lines.ts';
import { clickWindowStart, type WindowTiming, windowStartOf } from '../../lambda/core/window.ts';

/** What a replay before this one has left in the directory of `--data`. */
export interface EarlierReplay {
  readonly directory: string;
  /** The latest time that a shard has seen, ms; 0: there was none. */
  readonly time: number;
  /** All windows that something came of are complete by then: it was not interrupted. */
  readonly isOver: boolean;
}

const namedEvent = z.object({ eventId: z.union([z.string(), z.number()]) });

/**
 * Lines for a directory that may have been replayed into. The first click tells whether they come after what is there:
 * until then they are held back in memory, so that of a file that is refused nothing is put.
 * @throws Error in a line where they do not
 */
export async function* afterEarlier(
  lines: AsyncIterable<EventLine>,
  earlier: EarlierReplay,
  timing: WindowTiming,
): AsyncGenerator<EventLine> {
  let held: EventLine[] = [];
  let isChecked = earlier.time === 0;
  for await (const line of lines) {
    held.push(line);
    if (!isChecked) {
      if (!isClick(line)) continue;
      const problem = refusalOf(line, earlier, timing);
      if (problem !== undefined) throw new Error(problem);
      isChecked = true;
    }
    yield* held;
    held = [];
  }
  yield* held;
}

function isClick({ stream, timestamp }: EventLine): boolean {
  return stream === 'user' && timestamp !== undefined;
}

/**
 * A click whose window is over for the shards would be counted for the window of their time, and so would all behind it.
 * But those of a replay that was interrupted may come again if they say which event they are: they are found to be done.
 */
function refusalOf(
  { number, timestamp = 0, data }: EventLine,
  { directory, time, isOver }: EarlierReplay,
  timing: WindowTiming,
): string | undefined {
  const windowStart = clickWindowStart({ timestamp, arrival: time, clock: time }, timing);
  if (windowStart === windowStartOf(timestamp, timing.windowMs)) return undefined;
  if (!isOver && namedEvent.safeParse(JSON.parse(Buffer.from(data).toString('utf8'))).success)
    return undefined;
  const [clicked, reached] = [timestamp, time].map((ms) => new Date(ms).toISOString());
  return (
    `--data ${directory}: a replay was there before, and its time is ${reached}; line ${number} is a click of ${clicked}, ` +
    'and would count for then. Nothing was put: name another directory, or a file of later clicks'
  );
}
