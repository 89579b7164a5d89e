import { type KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { LotteryResources } from '../lottery-resources.ts';
import type { EventLine } from './event-lines.ts';

/** Puts records on the input streams, one call each: in the order of the calls. */
export class Producer {
  readonly #kinesis: KinesisClient;
  readonly #resources: LotteryResources;

  constructor(kinesis: KinesisClient, resources: LotteryResources) {
    this.#kinesis = kinesis;
    this.#resources = resources;
  }

  /** @returns the record's id, by which its outcome is known. */
  async put({ stream, partitionKey, data }: Omit<EventLine, 'number'>): Promise<string> {
    const { lotteryEventsInput, userEventsInput } = this.#resources;
    const { ShardId, SequenceNumber } = await this.#kinesis.send(
      new PutRecordCommand({
        StreamName: stream === 'lottery' ? lotteryEventsInput : userEventsInput,
        PartitionKey: partitionKey,
        Data: data,
      }),
    );
    return `${ShardId}:${SequenceNumber}`;
  }
}
