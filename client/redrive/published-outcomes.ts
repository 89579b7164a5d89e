import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { listShards } from '../../local/shards.ts';
import { eventsOf } from '../aggregated.ts';
import { type OutputEvent, parseOutputEvent, recordIdOfOutcome } from '../output-events.ts';

interface ShardPosition {
  /** Undefined: read from the oldest record on. */
  lastSequenceNumber: string | undefined;
}

/** What an output stream still holds, by the input record that each event is the outcome of. */
export class PublishedOutcomes {
  readonly #kinesis: KinesisClient;
  readonly #stream: string;
  readonly #positions = new Map<string, ShardPosition>();
  readonly #outcomes = new Map<string, OutputEvent>();

  constructor(kinesis: KinesisClient, stream: string) {
    this.#kinesis = kinesis;
    this.#stream = stream;
  }

  of(recordId: string): OutputEvent | undefined {
    return this.#outcomes.get(recordId);
  }

  /** Reads everything that is on the stream now: at first all of it, then what is new. */
  async catchUp(): Promise<void> {
    for (const { shardId } of await listShards(this.#kinesis, this.#stream)) {
      const position = this.#positions.get(shardId) ?? { lastSequenceNumber: undefined };
      this.#positions.set(shardId, position);
      await this.#readShard(shardId, position);
    }
  }

  /** An answer without records does not mean the end of a shard: `MillisBehindLatest` tells (Kinesis API reference). */
  async #readShard(shardId: string, position: ShardPosition): Promise<void> {
    let iterator: string | undefined = await this.#iterator(shardId, position);
    while (iterator !== undefined) {
      const page: Page = await this.#kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
      const { Records: records = [], MillisBehindLatest: behind = 0 } = page;
      for (const { Data: data } of records) {
        const place = { stream: this.#stream, shardId, sequenceNumber: '', partitionKey: '', arrival: 0 };
        if (data) for (const event of eventsOf({ ...place, data })) this.#add(event.data);
      }
      position.lastSequenceNumber = records.at(-1)?.SequenceNumber ?? position.lastSequenceNumber;
      if (records.length === 0 && behind === 0) return;
      iterator = page.NextShardIterator ?? undefined;
    }
  }

  #add(data: Uint8Array): void {
    const event = parseOutputEvent(data);
    const recordId = event && recordIdOfOutcome(event);
    if (event && recordId !== undefined) this.#outcomes.set(recordId, event);
  }

  async #iterator(ShardId: string, { lastSequenceNumber }: ShardPosition): Promise<string | undefined> {
    const { ShardIterator } = await this.#kinesis.send(
      new GetShardIteratorCommand({
        ...{ StreamName: this.#stream, ShardId },
        ...(lastSequenceNumber === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: lastSequenceNumber }),
      }),
    );
    return ShardIterator;
  }
}

interface Page {
  Records?: { Data?: Uint8Array | undefined; SequenceNumber?: string | undefined }[] | undefined;
  MillisBehindLatest?: number | undefined;
  NextShardIterator?: string | undefined;
}
