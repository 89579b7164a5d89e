import { mapBounded } from '../../batch/map-bounded.ts';
import { indexChannel } from '../../core/live-channel.ts';
import { bytesOf, contentOf, summaryOf, unknownRunOf } from '../../core/live-merge.ts';
import type { LiveSummary } from '../../core/live-view.ts';
import { maximumListed, maximumViewBytes } from '../../core/live-view.ts';
import type { RunKey } from '../../core/window.ts';
import type { ListedLottery } from '../../ports/live.ts';
import type { LiveDependencies } from './dependencies.ts';
import type { Target } from './publish.ts';

/** @param isUnknown told of a run of which there is something to show and no start */
export function lotteryTarget(
  channel: string,
  { parts, list, now }: LiveDependencies,
  isUnknown: (run: RunKey) => void,
): Target {
  let summary: LiveSummary | undefined;
  return {
    name: channel,
    async content() {
      const found = await parts.partsOf(channel);
      if (found === undefined) return undefined;
      const { lotteryId } = found;
      const run = unknownRunOf(found.parts);
      if (run !== undefined) isUnknown({ lotteryId, run });
      const view = contentOf(lotteryId, found.parts, now());
      summary = view && summaryOf(view.content, channel, view.winners);
      return view?.content;
    },
    async after(version, activeAt) {
      if (summary) await list.put({ summary, activeAt }, version);
    },
  };
}

/** Lines that one publication of the list removes: its claim holds for seconds only. */
const mostRemoved = 1_000;

/** The most recently active ones, as many as there is room for. @param limit removals at a time */
export function indexTarget({ list }: LiveDependencies, limit: number): Target {
  let surplus: readonly ListedLottery[] = [];
  return {
    name: indexChannel,
    async content() {
      const lines = (await list.all()).sort(byActivity);
      surplus = lines.slice(maximumListed, maximumListed + mostRemoved);
      return { lotteries: withinLimit(lines.slice(0, maximumListed).map(({ summary }) => summary)) };
    },
    async after() {
      // What is listed no more is read no more either. To die in between leaves it to the next publication, as what is too much.
      await mapBounded(limit, surplus, (line) => list.remove(line));
    },
  };
}

function byActivity(left: ListedLottery, right: ListedLottery): number {
  return right.activeAt - left.activeAt || (left.summary.channel < right.summary.channel ? -1 : 1);
}

/** Ids may be long. */
function withinLimit(lotteries: readonly LiveSummary[]): LiveSummary[] {
  let bytes = 100;
  return lotteries.filter((summary) => {
    bytes += bytesOf(summary) + 1;
    return bytes <= maximumViewBytes;
  });
}
