import type { Random } from '../../local/faults/random.ts';
import type { AwsAnswer, AwsCall, Interceptor } from '../../local/proxy/aws-call.ts';
import type { Scheduler } from './scheduler.ts';
import { callLine, type Trace } from './trace.ts';

/** What a caller's SDK sees of a connection that was closed without an answer. */
export class ConnectionReset extends Error {
  override readonly name = 'ECONNRESET';
  readonly code = 'ECONNRESET';
}

export interface NetworkOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** What answers. The effect of a call takes place when this is called. */
  readonly handle: (call: AwsCall) => AwsAnswer;
  readonly intercept: Interceptor;
  readonly trace: Trace;
}

/** One way takes 1 to 20 ms; now and then ten times as long, so that later calls overtake it. */
const USUAL_MS = 20;
const SLOW_CHANCE = 0.02;
const SLOW_FACTOR = 10;

/**
 * Between callers and services: each call takes time to arrive and each answer to come back, so that effects take place
 * in any order that a network could give them, and a caller may die at any time between.
 */
export class Network {
  readonly #options: NetworkOptions;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /**
   * @param isAlive whether there is somebody who waits for the answer
   * @returns the answer; never resolves for a caller that has died
   * @throws ConnectionReset
   */
  async send(call: AwsCall, isAlive: () => boolean): Promise<AwsAnswer> {
    const { intercept, trace } = this.#options;
    const answer = await intercept(call, (changed = call) => this.#deliver(changed));
    trace(() => callLine(call, answer));
    if (!isAlive()) return never();
    if (answer === 'disconnect') throw new ConnectionReset('The connection was closed');
    return answer;
  }

  #deliver(call: AwsCall): Promise<AwsAnswer> {
    const { scheduler, handle } = this.#options;
    return new Promise((resolve) => {
      scheduler.after(this.#latency(), () => {
        const answer = handle(call);
        scheduler.after(this.#latency(), () => resolve(answer));
      });
    });
  }

  #latency(): number {
    const { random } = this.#options;
    const usual = 1 + random.next() * (USUAL_MS - 1);
    return random.chance(SLOW_CHANCE) ? usual * SLOW_FACTOR : usual;
  }
}

function never<Result>(): Promise<Result> {
  return new Promise(() => {});
}
