import { priority, seedCommitment, windowSeed } from '../../lambda/core/fairness.ts';
import { drawIdOf } from '../../lambda/core/window.ts';
import type { DrawItem, Evidence, RunItem } from './evidence.ts';
import { append, type Ledger, ofType, placeKey } from './ledger.ts';

/** Each draw that is stored was announced, with the winner that is stored and no other; no other draw was. */
export function everyDrawIsAnnouncedOnce({ draws }: Evidence, { winners }: Ledger): string[] {
  const announced = new Map<string, (typeof winners)[number][]>();
  for (const winner of winners) append(announced, winner.drawId, winner);
  const stored = new Map(draws.map((draw) => [draw.drawId, draw]));
  return [...new Set([...announced.keys(), ...stored.keys()])].flatMap((drawId) => {
    const draw = stored.get(drawId);
    const [first, ...others] = announced.get(drawId) ?? [];
    if (!draw) return [`draw ${drawId} was announced, but is not stored`];
    if (!first) return [`draw ${drawId} is stored, and was never announced`];
    if (others.length > 0)
      return [`draw ${drawId} was announced with ${others.length + 1} different contents`];
    const different = differences(draw, first);
    return different.length === 0
      ? []
      : [`draw ${drawId} was announced with another ${different.join(', ')} than the stored one`];
  });
}

/** The fields in which an announcement differs from its draw. */
function differences(draw: DrawItem, announced: Ledger['winners'][number]): string[] {
  const { winner, prize, windowSeed: seed, entries, windowStart, windowEnd, lotteryId, run } = draw;
  const fields = { prize, windowSeed: seed, entries, windowStart, windowEnd, run, ...winner, lotteryId };
  const said = { ...announced, userId: String(announced.userId), lotteryId: String(announced.lotteryId) };
  return Object.entries(fields).flatMap(([field, value]) =>
    Reflect.get(said, field) === value ? [] : [field],
  );
}

/**
 * Each winner is the one that the receipts make: an entry of the draw, by receipt or by move, with the lowest
 * priority among those that stayed. (That nobody who stayed is lower, `everyEntryEndsSomewhere` shows.)
 */
export function everyWinnerIsRight(evidence: Evidence, ledger: Ledger): string[] {
  const places = new Map<string, string>();
  for (const { entryId, drawId, userId } of ledger.receipts)
    places.set(placeKey(entryId, drawId), String(userId));
  for (const { entryId, drawId, userId } of ledger.moves)
    places.set(placeKey(entryId, drawId), String(userId));
  const runs = new Map(runsOf(evidence).map((run) => [`${run.lotteryId}#${run.run}`, run]));
  return evidence.draws.flatMap((draw) => {
    const place = placeKey(draw.winner.entryId, draw.drawId);
    if (places.get(place) !== draw.winner.userId)
      return [`the winner of ${draw.drawId} was never an entry of it`];
    if (ledger.exits.has(place)) return [`the winner of ${draw.drawId} was moved out of it`];
    const run = runs.get(`${draw.lotteryId}#${draw.run}`);
    return run
      ? againstRun(draw, run, evidence.settings.windowMs)
      : [`draw ${draw.drawId} is of a run that is not stored`];
  });
}

function againstRun(draw: DrawItem, run: SeededRunItem, windowMs: number): string[] {
  const { drawId, winner, lotteryId, windowStart } = draw;
  const seed = windowSeed(run.seed, lotteryId, windowStart);
  const prize = run.prizes?.[(windowStart - (run.firstWindowStart ?? 0)) / windowMs];
  return [
    ...(seed === draw.windowSeed ? [] : [`draw ${drawId} has a window seed that is not its run's`]),
    ...(priority(seed, winner.entryId) === winner.priority ? [] : [`draw ${drawId} has a wrong priority`]),
    ...(run.prizes && prize === undefined ? [`draw ${drawId} is of a window that has no prize`] : []),
    ...(prize === draw.prize ? [] : [`draw ${drawId} has the prize '${draw.prize}', not '${prize}'`]),
  ];
}

/** Each accepted entry took part in exactly one draw, or was moved to one, or its coupon went back. */
export function everyEntryEndsSomewhere({ draws }: Evidence, ledger: Ledger): string[] {
  const stored = new Map(draws.map((draw) => [draw.drawId, draw]));
  return ledger.receipts.flatMap(({ entryId, drawId: first }) => {
    const seen = new Set<string>();
    let drawId = first;
    for (;;) {
      if (seen.has(drawId)) return [`entry ${entryId} was moved in a circle`];
      seen.add(drawId);
      const exits = ledger.exits.get(placeKey(entryId, drawId)) ?? [];
      if (exits.length > 1) return [`entry ${entryId} left draw ${drawId} ${exits.length} times`];
      const [exit] = exits;
      if (exit?.kind === 'refunded') return [];
      if (exit === undefined) return takesPart(stored.get(drawId), ledger, entryId, drawId);
      drawId = exit.drawId;
    }
  });
}

/** It is in the draw if it won it, or lost to the winner, or to one that came too late (docs/decisions/0005). */
function takesPart(draw: DrawItem | undefined, ledger: Ledger, entryId: string, drawId: string): string[] {
  if (draw === undefined) return [`entry ${entryId} is in draw ${drawId}, which was not made`];
  const own = priority(draw.windowSeed, entryId);
  if (own >= draw.winner.priority) return [];
  const late = ledger.lateByDraw.get(drawId) ?? [];
  const lostToLate = late.some((other) => priority(draw.windowSeed, other) < own);
  return lostToLate ? [] : [`entry ${entryId} should have won draw ${drawId}`];
}

/** Each late entry that is stored was announced as refunded, or moved to where it is stored; no other was. */
export function everyLateEntryIsAnnounced({ lateEntries, draws }: Evidence, { exits }: Ledger): string[] {
  const missed = new Map(draws.map((draw) => [draw.drawId, draw]));
  const stored = new Map(lateEntries.map((late) => [placeKey(late.entryId, late.missedDrawId), late]));
  return [...new Set([...stored.keys(), ...exits.keys()])].flatMap((place) => {
    const late = stored.get(place);
    const [exit] = exits.get(place) ?? [];
    if (!late) return [`entry ${place} was moved or refunded, and that is not stored`];
    const kind = late.movedTo === undefined ? 'refunded' : 'moved';
    if (exit?.kind !== kind) return [`entry ${place} is stored as ${kind}, and that was not announced`];
    const draw = missed.get(late.missedDrawId);
    if (exit.kind === 'refunded' || late.movedTo === undefined || !draw) return [];
    const drawId = drawIdOf({ ...draw, windowStart: late.movedTo });
    return exit.drawId === drawId
      ? []
      : [`entry ${place} is stored as moved to ${drawId}, not ${exit.drawId}`];
  });
}

export interface SeededRunItem extends RunItem {
  /** Empty where the run's seed is not stored. */
  seed: string;
}

/** The runs of all lotteries: the current ones and those put away. */
export function runsOf({ lotteries, seeds }: Evidence): SeededRunItem[] {
  // By what they hash to, whatever they are stored under.
  const byCommitment = new Map(seeds.map(({ seed }) => [seedCommitment(seed), seed]));
  const runs = lotteries.flatMap(({ current }) =>
    current ? [{ ...current, seed: byCommitment.get(current.seedCommitment) ?? '' }] : [],
  );
  return [...new Map(runs.map((run) => [`${run.lotteryId}#${run.run}`, run])).values()];
}

/**
 * Each run was announced as started once, with the prizes it has, and as ended once, with the seed it was committed
 * to: the players stop every lottery at the end, so that none may be active or stopped when all has drained.
 */
export function everyRunIsAnnounced(evidence: Evidence): string[] {
  const started = byRun(ofType(evidence.outputs.lottery, 'LotteryStartedEvent'));
  const ended = byRun(ofType(evidence.outputs.lottery, 'LotteryEndedEvent'));
  const runs = new Map(runsOf(evidence).map((run) => [`${run.lotteryId}#${run.run}`, run]));
  return [...new Set([...runs.keys(), ...started.keys(), ...ended.keys()])].flatMap((key) => {
    const run = runs.get(key);
    if (!run) return [`run ${key} was announced, and is not stored`];
    const starts = started.get(key) ?? [];
    const ends = ended.get(key) ?? [];
    return [
      ...(run.seed === '' ? [`run ${key} has no seed that is stored`] : []),
      ...(run.status === 'ended' ? [] : [`run ${key} is ${run.status} and never ended`]),
      ...(starts.length === 1 ? [] : [`run ${key} was announced as started ${starts.length} times`]),
      ...(ends.length === 1 ? [] : [`run ${key} was announced as ended ${ends.length} times`]),
      ...(starts.every((start) => start.seedCommitment === run.seedCommitment)
        ? []
        : [`run ${key} was started with another commitment than its seed's`]),
      ...(starts.every((start) => prizesOf(start) === prizesOf(run))
        ? []
        : [`run ${key} was started with other prizes than it has`]),
      ...(ends.every((end) => end.seed === run.seed) ? [] : [`run ${key} was ended with a wrong seed`]),
    ];
  });
}

function prizesOf({ prizes, firstWindowStart }: Pick<RunItem, 'prizes' | 'firstWindowStart'>): string {
  return JSON.stringify({ prizes, firstWindowStart });
}

function byRun<Event extends { lotteryId: string | number; run: number }>(
  events: readonly Event[],
): Map<string, Event[]> {
  const runs = new Map<string, Event[]>();
  for (const event of events) append(runs, `${event.lotteryId}#${event.run}`, event);
  return runs;
}
