import { systemClock } from '../../clock.ts';
import { mappingId } from '../arn.ts';
import { defaultEmulation } from '../emulation.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { EventSourceMapping, MappingStatus, SqsMappingOptions } from '../options.ts';
import { parseSqsProperties } from '../properties.ts';
import { Consumer, type SqsContext } from './consumer.ts';
import { Queue } from './queue.ts';

/**
 * An event source mapping of an SQS queue. The queue itself remembers what is processed, hides what is in flight
 * and moves what failed too often to its dead-letter queue; the mapping keeps nothing.
 */
export class SqsMapping implements EventSourceMapping {
  readonly id: string;
  readonly #functionName: string;
  readonly #context: SqsContext;
  readonly #lifecycle: Lifecycle;
  #consumer: Consumer | undefined;

  /** @throws Error in one line when a property is unknown, out of its limits or not emulated. */
  constructor(options: SqsMappingOptions) {
    const { functionName, clients } = options;
    const properties = parseSqsProperties(functionName, options.properties);
    this.id = options.id ?? mappingId(functionName, properties.EventSourceArn);
    this.#functionName = functionName;
    this.#lifecycle = new Lifecycle((signal) => this.#run(signal));
    this.#context = {
      functionName,
      recursiveLoop: options.recursiveLoop ?? 'Terminate',
      queue: new Queue(clients.sqs, properties.EventSourceArn, options.queueUrl),
      properties,
      settings: { ...defaultEmulation, ...options.emulation },
      clock: options.clock ?? systemClock,
      host: options.host,
      observe: options.observer ?? (() => undefined),
      onChange: () => this.#lifecycle.changes.announce(),
    };
    if (properties.Enabled) this.enable();
  }

  enable(): void {
    this.#lifecycle.enable();
  }

  disable(): Promise<void> {
    return this.#lifecycle.disable();
  }

  stop(): Promise<void> {
    return this.#lifecycle.stop();
  }

  async drained(signal?: AbortSignal): Promise<void> {
    let asked: { consumer: Consumer; request: number } | undefined;
    const isDrained = () => {
      const consumer = this.#consumer;
      if (!consumer) return false;
      if (asked?.consumer !== consumer) asked = { consumer, request: consumer.requestDrain() };
      return consumer.caughtUpWith(asked.request);
    };
    await this.#lifecycle.until(isDrained, signal);
  }

  status(): MappingStatus {
    const caughtUpTo = this.#consumer?.caughtUpTo;
    return {
      id: this.id,
      functionName: this.#functionName,
      sourceArn: this.#context.queue.arn,
      state: this.#lifecycle.enabled ? 'Enabled' : 'Disabled',
      caughtUp: caughtUpTo !== undefined,
      caughtUpTo: caughtUpTo ?? null,
      behindMs: 0,
      openWindows: 0,
      inFlight: this.#consumer?.inFlight ?? 0,
      unfinished: this.#consumer?.unfinished ?? 0,
      shards: 0,
    };
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#consumer = new Consumer(this.#context);
    this.#context.onChange();
    await this.#consumer.run(signal);
    this.#consumer = undefined;
  }
}
