import type { TickMessage } from '../../../lambda/core/entries-records.ts';
import type { StreamPublisher, StreamRecord, TickQueue } from '../../../lambda/ports/ports.ts';
import { recordJson } from '../../../lambda/ports/record-json.ts';
import { checkPartitionKey } from './aws-limits.ts';
import { Effects } from './journal.ts';

/** What functions put records on a stream with. */
export class MemoryStream implements StreamPublisher {
  /** What the next puts throw. */
  error: Error | undefined;
  readonly #name: string;
  readonly #effects: Effects;
  #texts: { partitionKey: string; text: string }[] = [];

  constructor(name: string, effects = new Effects()) {
    this.#name = name;
    this.#effects = effects;
  }

  async publish(records: Iterable<StreamRecord>): Promise<void> {
    const texts = [...records].map((record) => ({
      partitionKey: record.partitionKey,
      text: recordJson(record),
    }));
    if (texts.length === 0) return;
    if (this.error) throw this.error;
    for (const { partitionKey } of texts) checkPartitionKey(partitionKey);
    this.#effects.make(`publish ${this.#name}`, () => this.#texts.push(...texts));
  }

  /** Every record, as it comes out of its JSON. */
  get records(): { partitionKey: string; value: Record<string, unknown> }[] {
    return this.#texts.map(({ partitionKey, text }) => ({ partitionKey, value: JSON.parse(text) }));
  }

  get values(): Record<string, unknown>[] {
    return this.records.map(({ value }) => value);
  }

  /** What was put since the last call. */
  take(): Record<string, unknown>[] {
    const { values } = this;
    this.#texts = [];
    return values;
  }
}

/** The queue of delayed messages. */
export class MemoryTicks implements TickQueue {
  messages: TickMessage[] = [];
  /** What the next calls throw. */
  error: Error | undefined;
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async send(messages: readonly TickMessage[]): Promise<void> {
    if (this.error) throw this.error;
    this.#effects.make('send ticks', () => this.messages.push(...messages));
  }

  /** What was sent since the last call. */
  take(): TickMessage[] {
    const { messages } = this;
    this.messages = [];
    return messages;
  }
}
