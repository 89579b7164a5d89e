import type { SourcedEvent } from '../../core/decode.ts';
import type { UserClickEvent, UserEvent } from '../../core/events.ts';
import { recordIdOf } from '../../core/ids.ts';
import type { PartialDraw } from '../../core/partial-draw.ts';
import { PartialDrawCollector } from '../../core/partial-draw.ts';
import type { RunKey } from '../../core/window.ts';
import { clickWindowStart, runKey } from '../../core/window.ts';
import { withSeeds } from '../seeded-runs.ts';

import type { Settled, UserEventsDependencies } from './dependencies.ts';

interface Partials {
  readonly partials: PartialDraw[];
  /** Clicks that a run accepted while its seed was there: they come again until it is back. */
  readonly withheld: readonly { readonly events: readonly SourcedEvent<UserClickEvent>[] }[];
}

/** The batch's accepted clicks, old ones that were delivered again and new ones, as one partial per draw. */
export async function partialsOf(
  settled: readonly Settled[],
  { lotteries, seeds, telemetry, settings }: UserEventsDependencies,
): Promise<Partials> {
  const accepted = acceptedByRun(settled);
  const keys = [...accepted.values()].map(({ key }) => key);
  const { seeded, seedless } = await withSeeds(await lotteries.byRun(keys), seeds, telemetry);
  const partials = new PartialDrawCollector();
  const withheld: { events: readonly SourcedEvent<UserClickEvent>[] }[] = [];
  for (const { key, clicks } of accepted.values()) {
    if (seedless.has(runKey(key))) {
      withheld.push({ events: clicks });
      continue;
    }
    const run = seeded.get(runKey(key));
    // A click was accepted by this run, so that it was there, and runs are never deleted.
    if (run === undefined) throw new Error(`Run ${key.run} of lottery ${key.lotteryId} is missing`);
    for (const { event, record } of clicks) {
      const windowStart = clickWindowStart(event.timestamp, record.arrival, settings);
      partials.add(run, windowStart, recordIdOf(record.source), event.userId);
    }
  }
  return { partials: partials.list(), withheld };
}

interface AcceptedClicks {
  readonly key: RunKey;
  readonly clicks: SourcedEvent<UserClickEvent>[];
}

/** By `runKey`. One click's run is most often the last one's: its key is then not made again. */
function acceptedByRun(settled: readonly Settled[]): ReadonlyMap<string, AcceptedClicks> {
  const byRun = new Map<string, AcceptedClicks>();
  let last: AcceptedClicks | undefined;
  for (const { sourced, outcome } of settled) {
    if (outcome.kind !== 'accepted' || !isClick(sourced)) continue;
    const { lotteryId } = sourced.event;
    if (last?.key.lotteryId !== lotteryId || last.key.run !== outcome.run) {
      const key = { lotteryId, run: outcome.run };
      last = byRun.get(runKey(key)) ?? { key, clicks: [] };
      byRun.set(runKey(key), last);
    }
    last.clicks.push(sourced);
  }
  return byRun;
}

function isClick(sourced: SourcedEvent<UserEvent>): sourced is SourcedEvent<UserClickEvent> {
  return sourced.event.type === 'UserClickEvent';
}
