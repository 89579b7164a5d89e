import { type Clock, systemClock } from '../clock.ts';
import { DRAND } from '../drand/mirrors.ts';
import type { FunctionHost } from '../function-host.ts';
import type { Interceptor } from '../proxy/aws-call.ts';
import type { Runtime } from '../runtime-options.ts';
import { runEnvironmentFaults } from './environment-faults.ts';
import { FaultyCalls } from './faulty-calls.ts';
import { FaultyHost } from './faulty-host.ts';
import { FaultyMirrors } from './faulty-mirrors.ts';
import { FaultLog } from './kinds.ts';
import { defaultRates, FaultPlan, type FaultRates } from './plan.ts';

export interface FaultsOptions {
  seed: number | string;
  /** Rates that differ from the default. */
  rates?: Partial<FaultRates>;
  clock?: Clock;
}

/**
 * Faults for one runtime: give `intercept` and `wrapHost` to it, then `start`. All choices come from the seed
 * (see FaultPlan for what that means).
 */
export class Faults {
  readonly log = new FaultLog();
  readonly #seed: number | string;
  readonly #rates: FaultRates;
  readonly #clock: Clock;
  readonly #plan: FaultPlan;
  readonly #calls: FaultyCalls;
  readonly #mirrors: FaultyMirrors;
  readonly #hosts: FaultyHost[] = [];
  readonly #ending = new AbortController();
  #runtime: Runtime | undefined;
  #environmentFaults: Promise<void> | undefined;
  readonly #restarts: Promise<void>[] = [];
  #onFailure: (error: unknown) => void = () => {};

  constructor({ seed, rates, clock = systemClock }: FaultsOptions) {
    this.#seed = seed;
    this.#rates = { ...defaultRates, ...rates };
    this.#clock = clock;
    this.#plan = new FaultPlan(seed, this.#rates);
    const shared = {
      plan: this.#plan,
      rates: this.#rates,
      log: this.log,
      clock,
      signal: this.#ending.signal,
    };
    this.#mirrors = new FaultyMirrors(shared);
    this.#calls = new FaultyCalls({
      ...shared,
      kill: async (functionName, id) => this.#runtime?.functions.get(functionName)?.host.kill(id),
    });
  }

  readonly intercept: Interceptor = (call, forward) => {
    if (this.#runtime === undefined) return forward();
    return (call.service === DRAND ? this.#mirrors : this.#calls).intercept(call, forward);
  };

  readonly wrapHost = (host: FunctionHost, functionName: string): FunctionHost => {
    const isActive = () => this.#runtime !== undefined && !this.#ending.signal.aborted;
    const onOverlap = () => this.#calls.holdWrite(functionName);
    const onPollerLost = () => this.#restart(functionName);
    const faulty = new FaultyHost({
      ...{
        host,
        functionName,
        plan: this.#plan,
        log: this.log,
        clock: this.#clock,
        isActive,
        onOverlap,
        onPollerLost,
      },
    });
    this.#hosts.push(faulty);
    return faulty;
  };

  /** From now on things go wrong. @param onFailure told when a fault could not be injected */
  start(runtime: Runtime, onFailure: (error: unknown) => void): void {
    this.#runtime = runtime;
    this.#onFailure = onFailure;
    const options = { seed: this.#seed, rates: this.#rates, log: this.log, clock: this.#clock, runtime };
    this.#environmentFaults = runEnvironmentFaults(options, this.#ending.signal).catch(onFailure);
  }

  #restart(functionName: string): void {
    for (const mapping of this.#runtime?.mappings.get(functionName) ?? []) {
      const restart = mapping.rebalance?.() ?? mapping.disable().then(() => mapping.enable());
      this.#restarts.push(restart.catch(this.#onFailure));
    }
  }

  /** No more faults: resolves when all mappings are enabled and no second delivery is under way. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#environmentFaults;
    await Promise.all(this.#restarts);
    await Promise.all(this.#hosts.map((host) => host.settled()));
  }
}
