import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Channel } from '../../client/expectations.ts';
import type { LotteryResources } from '../../client/resources.ts';
import type { PlayerRecord } from '../simulation/player-record.ts';

/** PutRecords takes 500. */
const MOST_RECORDS = 500;

/**
 * Puts the players' records and keeps their ids. Its client must not try again by itself: a put whose answer was
 * lost would be there twice, and counted once.
 */
export class RecordPutter {
  readonly #kinesis: KinesisClient;
  readonly #streams: Readonly<Record<Channel, string>>;
  readonly put: Record<Channel, string[]> = { lottery: [], user: [] };

  constructor(kinesis: KinesisClient, { lotteryEventsInput, userEventsInput }: LotteryResources) {
    this.#kinesis = kinesis;
    this.#streams = { lottery: lotteryEventsInput, user: userEventsInput };
  }

  get count(): number {
    return this.put.lottery.length + this.put.user.length;
  }

  /** @throws Error when one record is not on its stream */
  async putAll(records: readonly PlayerRecord[]): Promise<void> {
    for (const channel of ['lottery', 'user'] as const) {
      const ofChannel = records.filter((record) => record.channel === channel);
      for (let start = 0; start < ofChannel.length; start += MOST_RECORDS) {
        await this.#putSome(channel, ofChannel.slice(start, start + MOST_RECORDS));
      }
    }
  }

  async #putSome(channel: Channel, records: readonly PlayerRecord[]): Promise<void> {
    const { Records = [] } = await this.#kinesis.send(
      new PutRecordsCommand({
        StreamName: this.#streams[channel],
        Records: records.map(({ partitionKey, explicitHashKey, data }) => ({
          PartitionKey: partitionKey,
          Data: data,
          ...(explicitHashKey !== undefined && { ExplicitHashKey: explicitHashKey }),
        })),
      }),
    );
    for (const { ShardId, SequenceNumber, ErrorCode } of Records) {
      if (ErrorCode !== undefined) throw new Error(`A player's record was not taken: ${ErrorCode}`);
      this.put[channel].push(`${ShardId}:${SequenceNumber}`);
    }
  }
}
