import type { Clock } from '../local/clock.ts';
import type { Environment } from './environment/open.ts';
import { outerOf } from './environment/output.ts';
import { Follower } from './follower.ts';
import { type Channel, Outcomes } from './outcomes.ts';
import { type OutputEvent, parseOutputEvent, recordIdOfOutcome } from './output-events.ts';

export interface FollowedOutcomesOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  /** Whether a put may have no answer yet: its outcome can come before it. */
  isPutting(): boolean;
}

/** The outcomes of events that are put, from the output streams of an environment. */
export class FollowedOutcomes {
  readonly #clock: Clock;
  readonly #follower: Follower;
  /** When outcomes came onto their stream, ms. */
  readonly #arrivals = new WeakMap<OutputEvent, number>();
  #outcomes = new Outcomes();

  constructor({ environment, clock, isPutting }: FollowedOutcomesOptions) {
    const lotteryOutput = outerOf(environment, 'LotteryEventsOutput');
    this.#clock = clock;
    this.#follower = new Follower({
      ...{ outer: environment.streams, clock, from: 'latest' },
      streams: [lotteryOutput, outerOf(environment, 'UserEventsOutput')],
      onRecord: ({ stream, data, arrival }) => {
        const event = parseOutputEvent(data);
        const recordId = event && recordIdOfOutcome(event);
        if (event === undefined || recordId === undefined) return;
        this.#arrivals.set(event, arrival);
        this.#outcomes.settle(stream === lotteryOutput ? 'lottery' : 'user', recordId, event);
        // What is not ours, or comes again, is of no use.
        if (!isPutting()) this.#outcomes.forgetEarly();
      },
    });
  }

  /** How many events have no outcome yet. */
  get owed(): number {
    return this.#outcomes.owed;
  }

  /** An event that was put. @param onOutcome called once; with the arrival of its outcome, ms */
  expect(channel: Channel, recordId: string, onOutcome: (event: OutputEvent, arrival: number) => void): void {
    this.#outcomes.expect(channel, recordId, (event) => onOutcome(event, this.#arrivals.get(event) ?? 0));
  }

  /** As `Follower.during`. */
  during<Result>(
    work: (signal: AbortSignal) => Promise<Result>,
    ...signals: readonly AbortSignal[]
  ): Promise<Result> {
    return this.#follower.during(work, ...signals);
  }

  /** Resolves when no outcome is owed, so long has gone by, or the signal is aborted. */
  async settled(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const by = this.#clock.now() + timeoutMs;
    await this.#follower.until(() => this.owed === 0 || this.#clock.now() >= by, signal);
  }

  /** What has not come by now is not waited for any more. */
  giveUpAll(): void {
    this.#outcomes = new Outcomes();
  }
}
