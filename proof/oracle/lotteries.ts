import { createHash } from 'node:crypto';
import type { Settings } from './oracle.ts';
import type { Settled } from './order.ts';
import { type Said, says, wire } from './streams.ts';

/** How long the user-events function may remember that a lottery is active (lambda/adapters/cached-lotteries.ts), ms. */
const MEMORY_MS = 1_000;
const NEVER = Number.POSITIVE_INFINITY;

/** One run. Each change of its status was at an instant from the first to the second of two. */
export interface Run {
  lotteryId: string;
  run: number;
  commitment: string;
  prizes: string[] | undefined;
  /** The windows that take clicks, and the last one when it is stopped. */
  windows: [first: number, last: number];
  lastWindow: number;
  started: [from: number, to: number];
  stopped: [from: number, to: number];
  ended: [from: number, to: number];
  seed: string | undefined;
}

export const windowOf = (time: number, { windowMs }: Settings): number =>
  Math.floor(time / windowMs) * windowMs;
export const hasWindow = ({ windows: [first, last] }: Run, window: number) =>
  window >= first && window <= last;

/** The runs of all lotteries as they were announced. */
export class Lotteries {
  /** By lottery, then by number. */
  readonly #runs = new Map<string, Run[]>();
  readonly #settings: Settings;
  readonly wrong: string[] = [];

  constructor(events: readonly Settled[], others: readonly Said[], settings: Settings) {
    this.#settings = settings;
    for (const settled of events) if (settled.said.type === 'LotteryStartedEvent') this.#start(settled);
    for (const settled of events) if (settled.said.type === 'LotteryStoppedEvent') this.#stop(settled);
    for (const run of this.all)
      run.ended = [this.#mayEndAt(run), this.run(run.lotteryId, run.run + 1)?.started[1] ?? NEVER];
    for (const said of others) if (said.type === 'LotteryEndedEvent') this.#end(said);
  }

  get all(): Run[] {
    return [...this.#runs.values()].flat();
  }

  of(lotteryId: string): readonly Run[] {
    return this.#runs.get(lotteryId) ?? [];
  }

  run(lotteryId: string, number: number): Run | undefined {
    return this.of(lotteryId).find(({ run }) => run === number);
  }

  #start({ id, arrival, event: { lotteryId, prizes, timestamp }, said }: Settled): void {
    const { run, seedCommitment, at } = said;
    const first = prizes && windowOf(timestamp ?? arrival, this.#settings);
    const last = (first ?? NEVER) + ((prizes?.length ?? 0) - 1) * this.#settings.windowMs;
    const isNew =
      !this.run(lotteryId, run) && this.all.every(({ commitment }) => commitment !== seedCommitment);
    const expected = { type: said.type, lotteryId: wire(lotteryId), run, seedCommitment, recordId: id };
    if (!isNew || !says(said, { ...expected, prizes, firstWindowStart: first }))
      this.wrong.push(`lottery event ${id} started what it could not start: ${JSON.stringify(said.json)}`);
    const spans = {
      started: [arrival, at],
      stopped: [NEVER, NEVER],
      ended: [NEVER, NEVER],
    } satisfies Partial<Run>;
    const windows: Run['windows'] = [first ?? -NEVER, last];
    const made: Run = {
      lotteryId,
      run,
      commitment: seedCommitment,
      prizes,
      windows,
      lastWindow: last,
      ...spans,
      seed: undefined,
    };
    this.#runs.set(lotteryId, [...this.of(lotteryId), made]);
  }

  #stop({ id, arrival, event: { lotteryId }, said }: Settled): void {
    const run = this.run(lotteryId, said.run);
    const lastWindowStart = Math.min(run?.windows[1] ?? 0, windowOf(arrival, this.#settings));
    const expected = {
      type: said.type,
      lotteryId: wire(lotteryId),
      run: said.run,
      lastWindowStart,
      recordId: id,
    };
    if (!says(said, expected))
      this.wrong.push(`lottery event ${id} must have stopped ${JSON.stringify(expected)}`);
    if (run) Object.assign(run, { stopped: [arrival, said.at], lastWindow: lastWindowStart });
  }

  #mayEndAt({ lastWindow, started, stopped }: Run): number {
    const { windowMs, graceMs, slackMs } = this.#settings;
    return (
      Math.max(lastWindow + windowMs + graceMs, stopped[0] === NEVER ? started[0] : stopped[0]) - slackMs
    );
  }

  #end(said: Said): void {
    const { type, lotteryId, seed, at } = said;
    const run = this.run(lotteryId, said.run);
    const isRevealed =
      createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex') === run?.commitment;
    const isWhole = says(said, {
      type,
      lotteryId: wire(lotteryId),
      run: run?.run,
      seed,
      seedCommitment: run?.commitment,
    });
    const isNew = run?.seed === undefined;
    if (!run || !isRevealed || !isWhole || !isNew || run.ended[0] === NEVER || at < run.ended[0])
      this.wrong.push(
        `run ${said.run} of lottery ${lotteryId} ended as it could not: ${JSON.stringify(said.json)}`,
      );
    if (run) Object.assign(run, { seed, ended: [run.ended[0], Math.min(at, run.ended[1])] });
  }

  /** Whether a run may have been seen active, with this window, between a click's arrival and its outcome. */
  mayTake(run: Run, window: number, settled: Settled): boolean {
    return hasWindow(run, window) && this.#mayBeActive(run, settled);
  }

  /** Whether the lottery may have been seen as one that does not take it: freedom 1 in oracle.ts. */
  mayRefuse(window: number, settled: Settled): boolean {
    const {
      event: { lotteryId },
      arrival,
      said,
    } = settled;
    const { slackMs } = this.#settings;
    const isBefore = (number: number) =>
      arrival <= (this.run(lotteryId, number)?.started[1] ?? NEVER) + slackMs;
    const isAfter = ({ stopped, ended }: Run) => Math.min(stopped[0], ended[0]) <= said.at + slackMs;
    const mayBe = (run: Run) =>
      (isAfter(run) && isBefore(run.run + 1)) || (!hasWindow(run, window) && this.#mayBeActive(run, settled));
    return isBefore(1) || this.of(lotteryId).some(mayBe);
  }

  #mayBeActive({ started, stopped, ended }: Run, { arrival, said }: Settled): boolean {
    const { slackMs } = this.#settings;
    const isLeft = arrival > Math.min(stopped[1], ended[1]) + MEMORY_MS + slackMs;
    return started[0] <= said.at + slackMs && !isLeft;
  }

  /** What an event makes of its lottery. Nobody but the draw function knows when a run ended. */
  readonly step = (state: LotteryState, { event, arrival, said }: Settled): LotteryState | string => {
    const run = this.run(event.lotteryId, state.run);
    const isOpen = run !== undefined && state.status !== 'ended';
    const mayHaveEnded =
      !isOpen ||
      (run.ended[0] <= said.at + this.#settings.slackMs &&
        (run.prizes !== undefined || state.status === 'stopped'));
    const mayGoOn = isOpen && arrival <= run.ended[1] + this.#settings.slackMs;
    if (said.type === 'LotteryStartedEvent')
      return said.run === state.run + 1 && mayHaveEnded
        ? { run: said.run, status: 'active' }
        : `it started run ${said.run} in run ${state.run}, ${state.status}`;
    if (said.type === 'LotteryStoppedEvent')
      return said.run === state.run && mayGoOn && state.status === 'active'
        ? { ...state, status: 'stopped' }
        : `it stopped run ${said.run} in run ${state.run}, ${state.status}`;
    const reason = event.type === 'LotteryStartEvent' ? 'LOTTERY_ALREADY_STARTED' : 'LOTTERY_INACTIVE';
    const isRight =
      said.reason === reason &&
      (event.type === 'LotteryStartEvent' ? mayGoOn : state.status !== 'active' || mayHaveEnded);
    if (!isRight) return `it was rejected as ${said.reason} in run ${state.run}, ${state.status}`;
    return event.type === 'LotteryStopEvent' && state.status === 'active'
      ? { ...state, status: 'ended' }
      : state;
  };
}

export interface LotteryState {
  run: number;
  status: 'active' | 'stopped' | 'ended';
}

export const newLottery: LotteryState = { run: 0, status: 'ended' };
