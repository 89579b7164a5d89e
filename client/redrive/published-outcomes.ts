import { type OutputEvent, parseOutputEvent, recordIdOfOutcome } from '../output-events.ts';
import type { OuterStreams } from '../streams/outer-streams.ts';

/** What an output stream still holds, by the input record that each event is the outcome of. */
export class PublishedOutcomes {
  readonly #outer: OuterStreams;
  readonly #stream: string;
  /** The last sequence number that was read, by shard. */
  readonly #last = new Map<string, string>();
  readonly #outcomes = new Map<string, OutputEvent>();

  constructor(outer: OuterStreams, stream: string) {
    this.#outer = outer;
    this.#stream = stream;
  }

  of(recordId: string): OutputEvent | undefined {
    return this.#outcomes.get(recordId);
  }

  /** Reads everything that is on the stream now: at first all of it, then what is new. */
  async catchUp(): Promise<void> {
    const stream = this.#stream;
    for (const { shardId } of await this.#outer.shards(stream)) {
      const after = this.#last.get(shardId);
      for await (const { sequenceNumber, data } of this.#outer.tail({ stream, shardId, after })) {
        this.#add(data);
        this.#last.set(shardId, sequenceNumber);
      }
    }
  }

  #add(data: Uint8Array): void {
    const event = parseOutputEvent(data);
    const recordId = event && recordIdOfOutcome(event);
    if (event && recordId !== undefined) this.#outcomes.set(recordId, event);
  }
}
