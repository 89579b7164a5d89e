import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Source } from '../../client/expectations.ts';
import type { LotteryResources } from '../../client/resources.ts';
import type { PlayerRecord } from './players.ts';

/** PutRecords takes 500. */
const MOST_RECORDS = 500;

/**
 * Puts the players' records and keeps their ids. Its client must not try again by itself: a put whose answer was
 * lost would be there twice, and counted once.
 */
export class RecordPutter {
  readonly #kinesis: KinesisClient;
  readonly #streams: Readonly<Record<Source, string>>;
  readonly put: Record<Source, string[]> = { lottery: [], user: [] };

  constructor(kinesis: KinesisClient, { lotteryEventsInput, userEventsInput }: LotteryResources) {
    this.#kinesis = kinesis;
    this.#streams = { lottery: lotteryEventsInput, user: userEventsInput };
  }

  get count(): number {
    return this.put.lottery.length + this.put.user.length;
  }

  /** @throws Error when one record is not on its stream */
  async putAll(records: readonly PlayerRecord[]): Promise<void> {
    for (const source of ['lottery', 'user'] as const) {
      const ofSource = records.filter((record) => record.source === source);
      for (let start = 0; start < ofSource.length; start += MOST_RECORDS) {
        await this.#putSome(source, ofSource.slice(start, start + MOST_RECORDS));
      }
    }
  }

  async #putSome(source: Source, records: readonly PlayerRecord[]): Promise<void> {
    const { Records = [] } = await this.#kinesis.send(
      new PutRecordsCommand({
        StreamName: this.#streams[source],
        Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
      }),
    );
    for (const { ShardId, SequenceNumber, ErrorCode } of Records) {
      if (ErrorCode !== undefined) throw new Error(`A player's record was not taken: ${ErrorCode}`);
      this.put[source].push(`${ShardId}:${SequenceNumber}`);
    }
  }
}
