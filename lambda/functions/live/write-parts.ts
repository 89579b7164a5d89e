import { mapBounded } from '../../batch/map-bounded.ts';
import { compareSequenceNumbers } from '../../core/ids.ts';
import type { LiveEvent } from '../../core/live-events.ts';
import { emptyPart, withEvents } from '../../core/live-part.ts';
import type { LoadedPart } from '../../ports/live.ts';
import type { LiveDependencies } from './dependencies.ts';

export interface Sequenced {
  readonly event: LiveEvent;
  readonly sequenceNumber: string;
}

/** What a batch says of a lottery, in order. */
export interface OfLottery {
  readonly lotteryId: string;
  readonly channel: string;
  readonly events: readonly Sequenced[];
}

type Dependencies = Pick<LiveDependencies, 'parts' | 'now'>;

/** Two invocations with the same shard are one that was given up and one that came for it: few attempts do. */
const maximumAttempts = 4;

/**
 * Adds what a shard says to what it has said. A record at or below the stored position is in it already, however the batches
 * are cut.
 * @returns the channels of the lotteries that are to be published
 */
export async function writeParts(
  shard: string,
  lotteries: readonly OfLottery[],
  limit: number,
  dependencies: Dependencies,
): Promise<string[]> {
  const loaded = await dependencies.parts.load(
    lotteries.map(({ channel }) => channel),
    shard,
  );
  const written = await mapBounded(limit, lotteries, async (lottery) => {
    const found = loaded.get(lottery.channel) ?? { isKnown: false };
    if (isNothing(lottery, found)) return [];
    await writePart(shard, lottery, found, dependencies);
    return [lottery.channel];
  });
  return written.flat();
}

/** Anyone can have clicks rejected on lotteries that never were: they are worth no item. */
function isNothing({ events }: OfLottery, { stored, isKnown }: LoadedPart): boolean {
  return stored === undefined && !isKnown && events.every(({ event }) => event.kind === 'rejected');
}

async function writePart(
  shard: string,
  lottery: OfLottery,
  loaded: LoadedPart,
  { parts, now }: Dependencies,
): Promise<void> {
  const { channel, lotteryId, events } = lottery;
  let before = loaded.stored;
  for (let attempt = 1; attempt <= maximumAttempts; attempt += 1) {
    const position = before?.position;
    const isNew = ({ sequenceNumber }: Sequenced) =>
      position === undefined || compareSequenceNumbers(sequenceNumber, position) > 0;
    const fresh = events.filter(isNew);
    const last = fresh.at(-1);
    if (last === undefined) return;
    const part = withEvents(
      before?.part ?? emptyPart,
      fresh.map(({ event }) => event),
    );
    const next = { position: last.sequenceNumber, part };
    if (await parts.replace({ channel, lotteryId, shard, next, before, now: now() })) return;
    before = (await parts.load([channel], shard)).get(channel)?.stored;
  }
  throw new Error(
    `What ${shard} says of ${channel} was changed by others at each of ${maximumAttempts} attempts`,
  );
}
