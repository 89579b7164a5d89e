import { runSchema } from '../lambda/adapters/lotteries-table.ts';
import { idToWire } from '../lambda/core/ids.ts';
import { windowStartOf } from '../lambda/core/window.ts';
import type { Clock } from '../local/clock.ts';
import type { Environment } from './environment/open.ts';
import { outputOf } from './environment/output.ts';
import { type Item, readItems, scanTable } from './environment/tables.ts';

/** A run as the lotteries table has it (`LotteryRun` of the core). Times in ms. */
export type Run = NonNullable<ReturnType<typeof runIn>>;

/** What decides where it stands. */
export type RunTimes = Pick<
  Run,
  'lotteryId' | 'run' | 'status' | 'windowMs' | 'firstWindowStart' | 'lastWindowStart' | 'prizes'
>;

/**
 * Where a run stands: `opens` at a time to come; `open`, takes clicks; `ending`, its last window is over and is not all
 * drawn; `ended`.
 */
export type RunState = 'opens' | 'open' | 'ending' | 'ended';

export interface RunNow {
  lotteryId: number | string;
  run: number;
  state: RunState;
  /** The window of now, or the first one of a run that opens. Absent when it takes no clicks any more. */
  windowStart?: number;
  windowEnd?: number;
  /** Absent where no window is known to be the last. */
  lastWindowStart?: number;
  /** Of windows that are not over; absent where the run has none. */
  prizesLeft?: readonly string[];
}

/** The runs of now of all lotteries. @param most lotteries that are read at most */
export async function readLotteries(
  environment: Environment,
  { most, signal }: { most: number; signal?: AbortSignal },
): Promise<{ runs: Run[]; isCut: boolean }> {
  const { items, isCut } = await scanTable(
    environment.clients.dynamodb,
    {
      TableName: outputOf(environment, 'LotteriesTableName'),
      // Runs that were replaced since lie under their own numbers.
      FilterExpression: '#run = :now',
      ProjectionExpression: '#current',
      ExpressionAttributeNames: { '#run': 'run', '#current': 'current' },
      ExpressionAttributeValues: { ':now': 0 },
    },
    { most, ...(signal && { signal }) },
  );
  return { runs: items.flatMap((item) => runIn(item) ?? []), isCut };
}

/** The run of now; undefined where the lottery was never started. @param lotteryId as it is inside: a text */
export async function readRun(
  environment: Environment,
  lotteryId: string,
  clock: Clock,
): Promise<Run | undefined> {
  const { dynamodb } = environment.clients;
  const table = outputOf(environment, 'LotteriesTableName');
  const [item] = await readItems({ dynamodb, clock }, table, [{ lotteryId, run: 0 }], ['current']);
  return item && runIn(item);
}

function runIn({ current }: Item) {
  return runSchema.safeParse(current).data;
}

/** @param now ms */
export function runNow(run: RunTimes, now: number): RunNow {
  const { status, windowMs, firstWindowStart = 0, lastWindowStart = Number.POSITIVE_INFINITY } = run;
  const current = Math.max(windowStartOf(now, windowMs), firstWindowStart);
  const isOver = status === 'ended' || current > lastWindowStart;
  return {
    ...{ lotteryId: idToWire(run.lotteryId), run: run.run, state: stateOf(run, now, isOver) },
    ...(!isOver && { windowStart: current, windowEnd: current + windowMs }),
    ...(run.lastWindowStart !== undefined && { lastWindowStart }),
    ...(run.prizes && { prizesLeft: isOver ? [] : prizesFrom(run, current) }),
  };
}

function stateOf({ status, firstWindowStart = 0 }: RunTimes, now: number, isOver: boolean): RunState {
  if (status === 'ended') return 'ended';
  if (isOver) return 'ending';
  return now < firstWindowStart ? 'opens' : 'open';
}

/** Prizes of a window of the run and those behind it, up to the last window. */
function prizesFrom({ prizes = [], ...run }: RunTimes, windowStart: number): string[] {
  const { firstWindowStart = 0, lastWindowStart = 0, windowMs } = run;
  const indexOf = (start: number) => (start - firstWindowStart) / windowMs;
  return prizes.slice(indexOf(windowStart), indexOf(lastWindowStart) + 1);
}

/** Prizes of windows that a stop took away: nobody can win them any more. */
export function prizesPutOff({
  prizes = [],
  firstWindowStart = 0,
  lastWindowStart,
  windowMs,
}: Run): string[] {
  if (lastWindowStart === undefined) return [];
  // One that was stopped before its first window has had none.
  return prizes.slice(Math.max(0, (lastWindowStart - firstWindowStart) / windowMs + 1));
}
