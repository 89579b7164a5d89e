import { runsOf } from './draws.ts';
import type { Evidence, RunItem } from './evidence.ts';
import { append, ofType } from './ledger.ts';

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
