import type { Clock } from '../clock.ts';
import { isObject } from '../event-source-mapping/response.ts';
import { FunctionError, type FunctionHost } from '../function-host.ts';
import type { DeliveryFault, FaultLog } from './kinds.ts';
import type { FaultPlan } from './plan.ts';

/** Above the limit that Lambda sets to a window's state (1 MB). */
const FILLER_BYTES = 1_100_000;

export interface FaultyHostOptions {
  host: FunctionHost;
  functionName: string;
  plan: FaultPlan;
  log: FaultLog;
  clock: Clock;
  /** Told before two invocations have the same events at a time. */
  onOverlap: () => void;
  /** Told when the function's mapping is to begin again from its checkpoints. */
  onPollerLost: () => void;
  /** Whether faults may begin now. */
  isActive: () => boolean;
}

/** Faults of delivery, between a mapping and the host of its function. */
export class FaultyHost implements FunctionHost {
  readonly #options: FaultyHostOptions;
  readonly #zombies = new Set<Promise<unknown>>();
  #deliveries = 0;

  constructor(options: FaultyHostOptions) {
    this.#options = options;
  }

  async invoke(event: unknown): Promise<unknown> {
    const { host, plan, functionName, isActive } = this.#options;
    if (!isActive()) return host.invoke(event);
    this.#deliveries += 1;
    const hasWindow = isObject(event) && 'window' in event;
    const fault = plan.delivery(functionName, hasWindow, this.#deliveries);
    return fault ? this.#inject(fault, event) : host.invoke(event);
  }

  async #inject(fault: DeliveryFault, event: unknown): Promise<unknown> {
    const { host, log, functionName, plan, clock } = this.#options;
    if (fault === 'windowEndedEarly') return this.#endEarly(event);
    log.note(fault);
    switch (fault) {
      case 'deliveredTwice': {
        const response = await host.invoke(event);
        await this.#zombie(event);
        return response;
      }
      case 'deliveredTwiceAtOnce':
        this.#options.onOverlap();
        void this.#zombie(event);
        return host.invoke(event);
      case 'pollerLost':
        this.#options.onOverlap();
        void this.#zombie(event);
        await clock.sleep(plan.pollerLostAfterMs(functionName, this.#deliveries));
        if (this.#options.isActive()) this.#options.onPollerLost();
        throw new FunctionError(functionName, 'Sandbox.Timedout', 'Injected: the poller is lost');
      case 'responseLost':
        await host.invoke(event);
        throw new FunctionError(functionName, 'Sandbox.Timedout', 'Injected: the response is lost');
      default:
        return fault satisfies never;
    }
  }

  /** An invocation whose response nobody waits for, and which may fail. */
  #zombie(event: unknown): Promise<unknown> {
    const zombie = this.#options.host
      .invoke(event)
      .catch(() => undefined)
      .finally(() => this.#zombies.delete(zombie));
    this.#zombies.add(zombie);
    return zombie;
  }

  /** Adds to the state what the function does not know, and so does not keep. */
  async #endEarly(event: unknown): Promise<unknown> {
    const response = await this.#options.host.invoke(event);
    const isFinal = isObject(event) && event.isFinalInvokeForWindow === true;
    if (isFinal || !isObject(response) || !isObject(response.state)) return response;
    this.#options.log.note('windowEndedEarly');
    return { ...response, state: { ...response.state, filler: 'x'.repeat(FILLER_BYTES) } };
  }

  /** Resolves when no second delivery is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#zombies);
  }

  close(): Promise<void> {
    return this.#options.host.close();
  }
}
