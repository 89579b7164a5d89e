import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Channel } from '../../client/expectations.ts';
import type { LotteryResources } from '../../client/resources.ts';
import type { PlayerRecord } from '../simulation/player-record.ts';

/**
 * The inputs as players see them. Who puts must not try again by itself: a put whose answer was lost would be there twice, and
 * counted once.
 */
export interface PlayerStreams {
  /**
   * @param records at most 500
   * @returns where each lies, `<shard>:<sequence number>`; undefined where there was no room for it
   * @throws Error when one is not taken for another reason
   */
  put(channel: Channel, records: readonly PlayerRecord[]): Promise<readonly (string | undefined)[]>;
}

const MOST_BYTES = 1_048_000;
/** Of a record, with its key. */
const MOST_BESIDE_DATA = 400;

type Inputs = Pick<LotteryResources, 'lotteryEventsInput' | 'userEventsInput'>;

const inputOf = (channel: Channel, inputs: Inputs): string =>
  channel === 'lottery' ? inputs.lotteryEventsInput : inputs.userEventsInput;

export function kinesisPlayerStreams(kinesis: KinesisClient, inputs: Inputs): PlayerStreams {
  return {
    async put(channel, records) {
      const { Records = [] } = await kinesis.send(
        new PutRecordsCommand({
          StreamName: inputOf(channel, inputs),
          Records: records.map(({ partitionKey, explicitHashKey, data }) => ({
            PartitionKey: partitionKey,
            Data: data,
            ...(explicitHashKey !== undefined && { ExplicitHashKey: explicitHashKey }),
          })),
        }),
      );
      return records.map((_, index) => {
        const { ShardId, SequenceNumber, ErrorCode } = Records[index] ?? {};
        if (ErrorCode === undefined) return `${ShardId}:${SequenceNumber}`;
        if (ErrorCode === 'ProvisionedThroughputExceededException') return undefined;
        throw new Error(`A player's record was not taken: ${ErrorCode}`);
      });
    },
  };
}

/** Partitions of topics, to write to. */
export interface TopicWriter {
  /** How many a topic has now. */
  partitions(topic: string): Promise<number>;
  /** @returns the offset of the first; the others have the next ones @throws Error when one may not be there */
  append(topic: string, partition: number, records: readonly PlayerRecord[]): Promise<number>;
}

export function topicPlayerStreams(writer: TopicWriter, inputs: Inputs): PlayerStreams {
  return {
    async put(channel, records) {
      const topic = inputOf(channel, inputs);
      const count = await writer.partitions(topic);
      const ids: string[] = [];
      // By place: a record that is put again may be there twice.
      const groups = Map.groupBy(records.entries(), ([, record]) => partitionOf(record, count));
      for (const [partition, some] of groups) {
        for (const batch of inBatches(some)) {
          const appended = batch.map(([, record]) => record);
          const first = await writer.append(topic, partition, appended);
          for (const [offset, [place]] of batch.entries())
            ids[place] = `${topic}-${partition}:${first + offset}`;
        }
      }
      return ids;
    },
  };
}

type Placed = readonly [place: number, record: PlayerRecord];

/** A broker takes 1 MiB at once for a partition. */
function inBatches(all: readonly Placed[]): Placed[][] {
  const batches: Placed[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const placed of all) {
    const size = placed[1].data.length + MOST_BESIDE_DATA;
    bytes += size;
    if (bytes <= MOST_BYTES) batches.at(-1)?.push(placed);
    else {
      batches.push([placed]);
      bytes = size;
    }
  }
  return batches;
}

/** Where they want to have it, or one for each key. */
function partitionOf({ partitionKey, explicitHashKey }: PlayerRecord, count: number): number {
  if (explicitHashKey !== undefined) return Number(BigInt(explicitHashKey) % BigInt(count));
  let hash = 0;
  for (let index = 0; index < partitionKey.length; index += 1)
    hash = (hash * 31 + partitionKey.charCodeAt(index)) >>> 0;
  return hash % count;
}
