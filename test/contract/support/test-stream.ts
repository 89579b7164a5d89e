import type { KinesisClient, Shard } from '@aws-sdk/client-kinesis';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { StreamReader, type StreamRecord } from '../../../local/stream-reader.ts';

let streams = 0;

/** A stream of a test's own, on whatever plays Kinesis. */
export class TestStream {
  readonly name: string;
  readonly #client: KinesisClient;
  readonly #pass: (ms: number) => Promise<void>;

  /** @param pass lets time pass */
  static async create(
    client: KinesisClient,
    pass: (ms: number) => Promise<void>,
    shards = 1,
  ): Promise<TestStream> {
    streams += 1;
    const stream = new TestStream(client, pass, `stream-${streams}`);
    await client.send(new CreateStreamCommand({ StreamName: stream.name, ShardCount: shards }));
    await stream.active();
    return stream;
  }

  private constructor(client: KinesisClient, pass: (ms: number) => Promise<void>, name: string) {
    this.name = name;
    this.#client = client;
    this.#pass = pass;
  }

  async active(): Promise<void> {
    for (;;) {
      const command = new DescribeStreamSummaryCommand({ StreamName: this.name });
      const { StreamDescriptionSummary } = await this.#client.send(command);
      if (StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
      await this.#pass(5);
    }
  }

  /** Puts one record. @returns where it lies */
  async put(text: string, PartitionKey = 'key', ExplicitHashKey?: string) {
    const Data = Buffer.from(text);
    const command = new PutRecordCommand({ StreamName: this.name, Data, PartitionKey, ExplicitHashKey });
    const { ShardId: shardId = '', SequenceNumber: sequenceNumber = '' } = await this.#client.send(command);
    return { shardId, sequenceNumber };
  }

  /** Puts records in one call, each with its text as partition key. */
  async putAll(texts: readonly string[]) {
    const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text }));
    return this.#client.send(new PutRecordsCommand({ StreamName: this.name, Records }));
  }

  async shards(): Promise<Shard[]> {
    const { Shards = [] } = await this.#client.send(new ListShardsCommand({ StreamName: this.name }));
    return Shards;
  }

  async openShards(): Promise<Shard[]> {
    const shards = await this.shards();
    return shards.filter(
      ({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined,
    );
  }

  async split(ShardToSplit: string, NewStartingHashKey: string): Promise<void> {
    await this.#client.send(
      new SplitShardCommand({ StreamName: this.name, ShardToSplit, NewStartingHashKey }),
    );
    await this.active();
  }

  async merge(ShardToMerge: string, AdjacentShardToMerge: string): Promise<void> {
    const command = { StreamName: this.name, ShardToMerge, AdjacentShardToMerge };
    await this.#client.send(new MergeShardsCommand(command));
    await this.active();
  }

  async iterator(
    ShardId: string,
    position: Pick<
      GetShardIteratorCommandInput,
      'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'
    >,
  ): Promise<string> {
    const command = new GetShardIteratorCommand({ StreamName: this.name, ShardId, ...position });
    const { ShardIterator = '' } = await this.#client.send(command);
    return ShardIterator;
  }

  get(ShardIterator: string, Limit?: number): Promise<GetRecordsCommandOutput> {
    return this.#client.send(new GetRecordsCommand({ ShardIterator, Limit }));
  }

  /** The texts that a shard gives from a position on. */
  async texts(
    shardId: string,
    position: Parameters<TestStream['iterator']>[1] = { ShardIteratorType: 'TRIM_HORIZON' },
  ): Promise<string[]> {
    return textsOf(await this.get(await this.iterator(shardId, position)));
  }

  /** All records of the stream, as the local runtime reads them: parents before children. */
  async all(count: number): Promise<StreamRecord[]> {
    const reader = new StreamReader(this.#client, this.name);
    const records: StreamRecord[] = [];
    while (records.length < count) records.push(...(await reader.poll()));
    for (let more = 0; more < 3; more += 1) records.push(...(await reader.poll()));
    return records;
  }
}

export function textsOf({ Records = [] }: Pick<GetRecordsCommandOutput, 'Records'>): string[] {
  return Records.map(({ Data = new Uint8Array() }) => Buffer.from(Data).toString());
}
