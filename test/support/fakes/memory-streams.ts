import type { TickMessage } from '../../../lambda/core/entries-records.ts';
import type { StreamPublisher, StreamRecord, TickQueue } from '../../../lambda/ports/ports.ts';
import { checkPartitionKey } from './aws-limits.ts';
import type { FakeOptions, Journal } from './journal.ts';

/** What functions put records on a stream with. */
export class MemoryStream implements StreamPublisher {
  /** What the next puts throw. */
  error: Error | undefined;
  readonly #name: string;
  readonly #journal: Journal;
  #texts: { partitionKey: string; text: string }[] = [];

  constructor(name: string, { journal = [] }: FakeOptions = {}) {
    this.#name = name;
    this.#journal = journal;
  }

  async publish(records: readonly StreamRecord[]): Promise<void> {
    if (records.length === 0) return;
    if (this.error) throw this.error;
    for (const { partitionKey } of records) checkPartitionKey(partitionKey);
    this.#journal.push(`publish ${this.#name}`);
    for (const { partitionKey, value } of records)
      this.#texts.push({ partitionKey, text: JSON.stringify(value) });
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
  readonly #journal: Journal;

  constructor({ journal = [] }: FakeOptions = {}) {
    this.#journal = journal;
  }

  async send(messages: readonly TickMessage[]): Promise<void> {
    if (this.error) throw this.error;
    this.#journal.push('send ticks');
    this.messages.push(...messages);
  }
}
