import { type KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { EventLine, Route } from './event-lines.ts';
import type { LotteryResources } from './resources.ts';

type Put = Pick<Route, 'stream' | 'partitionKey'> & Pick<EventLine, 'data'>;

/** Puts records on the input streams, in the order of the calls. */
export class Producer {
  readonly #kinesis: KinesisClient;
  readonly #resources: LotteryResources;

  constructor(kinesis: KinesisClient, resources: LotteryResources) {
    this.#kinesis = kinesis;
    this.#resources = resources;
  }

  /** @returns the record's id, by which its outcome is known. */
  async put({ stream, partitionKey, data }: Put): Promise<string> {
    const { ShardId, SequenceNumber } = await this.#kinesis.send(
      new PutRecordCommand({
        StreamName: this.#nameOf(stream),
        PartitionKey: partitionKey,
        Data: data,
      }),
    );
    return `${ShardId}:${SequenceNumber}`;
  }

  /**
   * Puts what one call takes (a `Turn` of `Order`) on one stream. The engine keeps their order in each shard.
   * @returns the records' ids. @throws Error when one of them is not on the stream.
   */
  async putAll(stream: Route['stream'], lines: readonly Omit<Put, 'stream'>[]): Promise<string[]> {
    if (lines.length === 0) return [];
    const { Records = [] } = await this.#kinesis.send(
      new PutRecordsCommand({
        StreamName: this.#nameOf(stream),
        Records: lines.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
      }),
    );
    return Records.map(({ ShardId, SequenceNumber, ErrorCode }) => {
      if (ErrorCode !== undefined) throw new Error(`A record was not taken: ${ErrorCode}`);
      return `${ShardId}:${SequenceNumber}`;
    });
  }

  #nameOf(stream: Route['stream']): string {
    const { lotteryEventsInput, userEventsInput } = this.#resources;
    return stream === 'lottery' ? lotteryEventsInput : userEventsInput;
  }
}
