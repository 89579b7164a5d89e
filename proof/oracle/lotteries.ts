import { createHash } from 'node:crypto';
import type { Settings } from './oracle.ts';
import type { Settled } from './order.ts';
import { type Said, says } from './streams.ts';

/** How long the user-events function may remember that a lottery is active (lambda/adapters/cached-lotteries.ts), ms. */
const MEMORY_MS = 1_000;

export const windowOf = (time: number, { windowMs }: Settings) => Math.floor(time / windowMs) * windowMs;

export type Run = ReturnType<typeof runOf>;
/** A run as it was started. What happened to it happened at an instant between a first and a last. */
function runOf(
  { arrival, event: { lotteryId, prizes, timestamp = arrival }, said }: Settled,
  settings: Settings,
) {
  const [first, last] = prizes
    ? [windowOf(timestamp, settings), (prizes.length - 1) * settings.windowMs]
    : [-Infinity, Infinity];
  const never = { first: Infinity, last: Infinity };
  const spans = { started: { first: arrival, last: said.at }, stopped: never, ended: never };
  const windows = { first, last: prizes ? first + last : last };
  // The last window may come earlier by a stop; the seed is known at the end.
  const later: { lastWindow: number; seed?: string } = { lastWindow: windows.last };
  return {
    lotteryId,
    prizes,
    windows,
    run: said.run,
    seedCommitment: said.seedCommitment,
    ...spans,
    ...later,
  };
}

export const hasWindow = ({ windows: { first, last } }: Run, window: number) =>
  window >= first && window <= last;

/** The runs of all lotteries as they were announced. */
export class Lotteries {
  readonly #byLottery = new Map<string, Run[]>();
  readonly #settings: Settings;
  readonly wrong: string[] = [];

  constructor(events: readonly Settled[], others: readonly Said[], settings: Settings) {
    this.#settings = settings;
    for (const settled of events) if (settled.said.type === 'LotteryStartedEvent') this.#start(settled);
    for (const settled of events) if (settled.said.type === 'LotteryStoppedEvent') this.#stop(settled);
    for (const run of this.all) this.#mayEnd(run);
    for (const said of others) if (said.type === 'LotteryEndedEvent') this.#end(said);
  }

  get all(): Run[] {
    return [...this.#byLottery.values()].flat();
  }

  of(lotteryId: string): readonly Run[] {
    return this.#byLottery.get(lotteryId) ?? [];
  }

  run(lotteryId: string, number: number): Run | undefined {
    return this.of(lotteryId).find(({ run }) => run === number);
  }

  #start(settled: Settled): void {
    const made = runOf(settled, this.#settings);
    const { lotteryId, run, prizes, seedCommitment, windows } = made;
    const isNew =
      !this.run(lotteryId, run) && this.all.every((other) => other.seedCommitment !== seedCommitment);
    const expected = { lotteryId, run, seedCommitment, recordId: settled.id };
    if (
      !isNew ||
      !says(settled.said, prizes ? { ...expected, prizes, firstWindowStart: windows.first } : expected)
    )
      this.wrong.push(
        `lottery event ${settled.id} started what it could not: ${JSON.stringify(settled.said.json)}`,
      );
    this.#byLottery.set(lotteryId, [...this.of(lotteryId), made]);
  }

  #stop({ id, arrival, event: { lotteryId }, said: { run: number, ...said } }: Settled): void {
    const run = this.run(lotteryId, number);
    const lastWindowStart = Math.min(run?.windows.last ?? Infinity, windowOf(arrival, this.#settings));
    const expected = { lotteryId, run: number, lastWindowStart, recordId: id };
    if (!says({ ...said, run: number }, expected))
      this.wrong.push(`lottery event ${id} must have stopped ${JSON.stringify(expected)}`);
    if (run) Object.assign(run, { stopped: { first: arrival, last: said.at }, lastWindow: lastWindowStart });
  }

  /** After its last window and grace, and after it was stopped; before the next run started. */
  #mayEnd(run: Run): void {
    const { windowMs, graceMs, slackMs } = this.#settings;
    const since = run.stopped.first < Infinity ? run.stopped : run.started;
    const first = Math.max(run.lastWindow + windowMs + graceMs, since.first) - slackMs;
    run.ended = { first, last: this.run(run.lotteryId, run.run + 1)?.started.last ?? Infinity };
  }

  #end(said: Said): void {
    const { lotteryId, seed, at } = said;
    const run = this.run(lotteryId, said.run);
    const seedCommitment = createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex');
    const isRight =
      seedCommitment === run?.seedCommitment && says(said, { lotteryId, run: run.run, seed, seedCommitment });
    if (!isRight || run.seed !== undefined || run.ended.first === Infinity || at < run.ended.first)
      this.wrong.push(
        `run ${said.run} of lottery ${lotteryId} ended as it could not: ${JSON.stringify(said.json)}`,
      );
    if (run) Object.assign(run, { seed, ended: { ...run.ended, last: Math.min(at, run.ended.last) } });
  }

  /** Whether a run may have been seen active between a click's arrival and its outcome. */
  mayBeActive({ started, stopped, ended }: Run, { arrival, said }: Settled): boolean {
    const { slackMs } = this.#settings;
    const isLeft = arrival > Math.min(stopped.last, ended.last) + MEMORY_MS + slackMs;
    return started.first <= said.at + slackMs && !isLeft;
  }

  /** Whether its lottery may have been seen as one that does not take it: freedom 1 in oracle.ts. */
  mayRefuse(window: number, settled: Settled): boolean {
    const { slackMs } = this.#settings;
    const { event, arrival, said } = settled;
    const isBefore = (number: number) =>
      arrival <= (this.run(event.lotteryId, number)?.started.last ?? Infinity) + slackMs;
    const isAfter = ({ stopped, ended }: Run) => Math.min(stopped.first, ended.first) <= said.at + slackMs;
    const hasNot = (run: Run) => !hasWindow(run, window) && this.mayBeActive(run, settled);
    return (
      isBefore(1) ||
      this.of(event.lotteryId).some((run) => (isAfter(run) && isBefore(run.run + 1)) || hasNot(run))
    );
  }

  /** What an event makes of its lottery. Nobody but the draw function knows when a run ended. */
  readonly step = (state: LotteryState, { event, arrival, said }: Settled): LotteryState | string => {
    const { slackMs } = this.#settings;
    const run = state.status === 'ended' ? undefined : this.run(event.lotteryId, state.run);
    const isActive = state.status === 'active';
    const mayHaveEnded = !run || (run.ended.first <= said.at + slackMs && !(isActive && !run.prizes));
    const mayGoOn = run !== undefined && arrival <= run.ended.last + slackMs;
    const isStart = event.type === 'LotteryStartEvent';
    const [isRight, after]: [boolean, LotteryState] =
      said.type === 'LotteryStartedEvent'
        ? [mayHaveEnded && said.run === state.run + 1, { run: said.run, status: 'active' }]
        : said.type === 'LotteryStoppedEvent'
          ? [mayGoOn && isActive && said.run === state.run, { ...state, status: 'stopped' }]
          : isStart
            ? [mayGoOn && said.reason === 'LOTTERY_ALREADY_STARTED', state]
            : [
                (mayHaveEnded || !isActive) && said.reason === 'LOTTERY_INACTIVE',
                isActive ? { ...state, status: 'ended' } : state,
              ];
    return isRight ? after : `in run ${state.run}, ${state.status}, it was ${JSON.stringify(said.json)}`;
  };
}

export type LotteryState = { run: number; status: 'active' | 'stopped' | 'ended' };
export const newLottery: LotteryState = { run: 0, status: 'ended' };
