import { type DrawsOfRun, readDraws } from '../../client/draws-of-run.ts';
import type { Environment } from '../../client/environment/open.ts';
import { putRepeatable } from '../../client/exchange.ts';
import { prizesPutOff, type Run, readRun } from '../../client/lotteries.ts';
import { idToWire } from '../../lambda/core/ids.ts';
import { FailedError } from '../exit-codes.ts';
import { printable } from '../start/describe.ts';
import { countdown, timeOf } from '../times.ts';
import type { CommandContext } from './context.ts';
import type { Id } from './ids.ts';
import { accepted, toldIfNothingCame } from './waiting.ts';

/** How often is looked whether a run has ended, ms. */
const LOOK_MS = 500;
/** Windows of a run whose draws are counted, from its last one back. */
const MOST_WINDOWS = 1_000;

/** What came of a run that has ended. */
export interface Ended {
  readonly lotteryId: number | string;
  readonly run: number;
  /** Start, ms. */
  readonly lastWindowStart?: number;
  /** Of the last 1,000 windows where it has had more. */
  readonly draws: number;
  readonly isCut: boolean;
  /** Of windows that the stop took away. */
  readonly prizesLeft: readonly string[];
  /** Of windows without an entry. */
  readonly prizesWithoutWinner: readonly string[];
}

export interface StoppingOptions {
  readonly environment: Environment;
  readonly id: Id;
  /** Seconds: for the stop's outcome, and again behind the end of the last window. */
  readonly timeout: number;
}

/** Puts a stop and waits for its outcome. @throws FailedError where it is rejected, or nothing comes */
export async function putStop(
  { clock, signal }: CommandContext,
  { environment, id, timeout }: StoppingOptions,
): Promise<void> {
  const event = { type: 'LotteryStopEvent', lotteryId: id.wire };
  const isDone = ({ type }: { type: string }) => type === 'LotteryStoppedEvent';
  const arrived = await putRepeatable(
    { environment, clock, signal },
    { channel: 'lottery', partitionKey: id.text, event, timeoutMs: timeout * 1000, isDone },
  ).catch(toldIfNothingCame(timeout));
  accepted(arrived);
}

/** Waits until a run whose last window is known has ended. @throws FailedError when it has not by then */
export async function untilEnded(context: CommandContext, options: StoppingOptions): Promise<Ended> {
  const { clock, signal } = context;
  const { environment, id, timeout } = options;
  const run = await runOf(context, options);
  const { lastWindowStart = 0, windowMs, graceMs } = run;
  const overAt = lastWindowStart + windowMs + graceMs;
  if (overAt > clock.now())
    context.note(`Its last window is over in ${countdown(overAt - clock.now())}, at ${timeOf(overAt)} UTC`);
  const by = Math.max(clock.now(), overAt) + timeout * 1000;
  for (let now = run; ; now = await runOf(context, options)) {
    if (now.status === 'ended' || now.run > run.run) {
      return endedOf(now.run === run.run ? now : run, await drawsOf(context, environment, run));
    }
    if (clock.now() >= by || signal.aborted) break;
    await clock.sleep(LOOK_MS, signal);
  }
  throw new FailedError(
    `Lottery ${id.text} is stopped and has not ended ${timeout} s after its last window: lottery status says what is behind`,
  );
}

async function runOf({ clock }: CommandContext, { environment, id }: StoppingOptions): Promise<Run> {
  const run = await readRun(environment, id.text, clock);
  if (run === undefined)
    throw new FailedError(`No lottery ${id.text} was ever started in ${environment.name}`);
  return run;
}

function drawsOf({ clock }: CommandContext, environment: Environment, run: Run): Promise<DrawsOfRun> {
  return readDraws(environment, run, { most: MOST_WINDOWS, clock });
}

function endedOf(run: Run, { draws, isCut }: DrawsOfRun): Ended {
  const { firstWindowStart = 0, lastWindowStart, windowMs, prizes = [] } = run;
  const drawn = new Set(draws.map(({ windowStart }) => windowStart));
  const putOff = prizesPutOff(run);
  const held = prizes.slice(0, prizes.length - putOff.length);
  return {
    ...{ lotteryId: idToWire(run.lotteryId), run: run.run, draws: draws.length, isCut, prizesLeft: putOff },
    ...(lastWindowStart !== undefined && { lastWindowStart }),
    prizesWithoutWinner: held.filter((_, index) => !drawn.has(firstWindowStart + index * windowMs)),
  };
}

export function endedText({ lotteryId, run, draws, isCut, prizesLeft, prizesWithoutWinner }: Ended): string {
  const count = `${isCut ? `of its last ${MOST_WINDOWS} windows ` : ''}${draws} ${draws === 1 ? 'draw' : 'draws'}`;
  const left =
    prizesLeft.length === 0 ? [] : [`prizes that are left: ${prizesLeft.map(printable).join(', ')}`];
  const none =
    prizesWithoutWinner.length === 0
      ? []
      : [`nobody clicked for ${prizesWithoutWinner.map(printable).join(', ')}`];
  return [`Lottery ${printable(String(lotteryId))} has ended: run ${run}, ${count}`, ...left, ...none].join(
    '; ',
  );
}
