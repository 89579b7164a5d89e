import { CreateStreamCommand, PutRecordCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type ArchiveSource, OutputHistory } from '../../../client/archive.ts';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';
import { kinesisSource } from '../../../lambda/batch/kinesis-source.ts';
import { wireArchive } from '../../../lambda/functions/archive/wiring.ts';
import type { StreamRecord } from '../../../local/stream-reader.ts';
import { inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { lambdaRecord } from '../../support/records.ts';

const names = { user: 'user-events-output', lottery: 'lottery-events-output' } as const;
export type Channel = keyof typeof names;

/** The output streams and the draws bucket of an environment, in memory, and the function that archives. */
export class Outputs {
  readonly #memory = inMemoryServices();
  readonly #work = wireArchive(
    {
      DRAWS_BUCKET: 'draws',
      USER_EVENTS_OUTPUT_STREAM: names.user,
      LOTTERY_EVENTS_OUTPUT_STREAM: names.lottery,
    },
    this.#memory.clients,
    { source: kinesisSource },
  );

  static async start(): Promise<Outputs> {
    const outputs = new Outputs();
    const { kinesis, s3 } = outputs.#memory.clients;
    for (const StreamName of Object.values(names))
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await s3.send(new CreateBucketCommand({ Bucket: 'draws' }));
    outputs.#memory.advance(60_000);
    return outputs;
  }

  private constructor() {}

  get source(): ArchiveSource {
    const { kinesis, s3 } = this.#memory.clients;
    return { outer: new KinesisStreams(kinesis), s3, bucket: 'draws', streams: names };
  }

  get history(): OutputHistory {
    return new OutputHistory(this.source);
  }

  get now(): number {
    return this.#memory.now();
  }

  /** @param time ms: not before now */
  at(time: number): void {
    this.#memory.advance(time - this.now);
  }

  async put(channel: Channel, ...contents: (object | string)[]): Promise<void> {
    for (const content of contents) {
      const Data = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
      const command = new PutRecordCommand({ StreamName: names[channel], PartitionKey: 'key', Data });
      await this.#memory.clients.kinesis.send(command);
    }
  }

  async split(channel: Channel): Promise<void> {
    await this.#memory.clients.kinesis.send(
      new SplitShardCommand({
        ...{ StreamName: names[channel], ShardToSplit: 'shardId-000000000000' },
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    this.#memory.advance(60_000);
  }

  records(channel: Channel): StreamRecord[] {
    return this.#memory.services.records(names[channel]);
  }

  /** As Lambda would: the records from one to another, of those of the first shard, or all of them. */
  async archive(channel: Channel, start = 0, end?: number): Promise<void> {
    const records = this.records(channel);
    const shards = new Set(records.map(({ shardId }) => shardId));
    for (const shard of shards) {
      const ofShard = records.filter(({ shardId }) => shardId === shard).slice(start, end);
      const eventSourceARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${names[channel]}`;
      const Records = ofShard.map((record) => ({
        ...lambdaRecord({ ...record, data: Buffer.from(record.data) }),
        eventSourceARN,
      }));
      await this.#work({ Records });
    }
  }

  /** Keys of the bucket. */
  get keys(): string[] {
    return this.#memory.services.objects('draws').map(({ key }) => key);
  }

  async putObject(key: string, body: string | Uint8Array): Promise<void> {
    await this.#memory.clients.s3.send(new PutObjectCommand({ Bucket: 'draws', Key: key, Body: body }));
  }
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export async function texts(outputs: Outputs, channels: Channel[] = ['user', 'lottery']): Promise<unknown[]> {
  const records = await all(outputs.history.records(channels));
  return records.map(({ text, raw }) => (text === undefined ? { raw } : JSON.parse(text)));
}
