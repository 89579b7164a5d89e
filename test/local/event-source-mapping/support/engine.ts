import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import kinesalite from 'kinesalite';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
export const clientSettings = { region: 'us-east-1', credentials };

/** Half of the range that partition keys are hashed to: where a stream of two shards is cut. */
export const MIDDLE = (2n ** 127n).toString();
/** A hash key in the lower, and one in the upper half. */
export const LOW = '1000';
export const HIGH = (2n ** 128n - 1000n).toString();

/** A Kinesis of a test file's own, on a free port. */
export class TestKinesis {
  readonly client: KinesisClient;
  readonly #endpoint: string;
  readonly #close: () => Promise<void>;

  static async start(): Promise<TestKinesis> {
    const server = kinesalite({ createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 100 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
    return new TestKinesis(`http://127.0.0.1:${port}`, close);
  }

  private constructor(endpoint: string, close: () => Promise<void>) {
    this.#endpoint = endpoint;
    this.client = this.connect();
    this.#close = close;
  }

  /** Another client, to be destroyed by the caller. kinesalite speaks HTTP/1.1 only. */
  connect(): KinesisClient {
    const requestHandler = new NodeHttpHandler();
    return new KinesisClient({ ...clientSettings, endpoint: this.#endpoint, requestHandler });
  }

  /** @returns the new stream's ARN. */
  async createStream(name: string, shards = 1): Promise<string> {
    await this.client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
    await this.#active(name);
    return `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
  }

  async #active(name: string): Promise<void> {
    await until('the stream is active', async () => {
      const command = new DescribeStreamSummaryCommand({ StreamName: name });
      const { StreamDescriptionSummary } = await this.client.send(command);
      return StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
    });
  }

  /** Puts one record. @returns its sequence number. */
  async put(stream: string, text: string, key = 'key', hashKey?: string): Promise<string> {
    const Data = Buffer.from(text);
    const ExplicitHashKey = hashKey;
    const command = new PutRecordCommand({ StreamName: stream, Data, PartitionKey: key, ExplicitHashKey });
    const { SequenceNumber = '' } = await this.client.send(command);
    return SequenceNumber;
  }

  /** Puts records in one call: kinesalite keeps their order. Each has its text's first letter as partition key. */
  async putAll(stream: string, texts: readonly string[]): Promise<string[]> {
    const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text.slice(0, 1) }));
    const answer = await this.client.send(new PutRecordsCommand({ StreamName: stream, Records }));
    return (answer.Records ?? []).map(({ SequenceNumber = '' }) => SequenceNumber);
  }

  async split(stream: string, shardId: string): Promise<void> {
    const command = { StreamName: stream, ShardToSplit: shardId, NewStartingHashKey: MIDDLE };
    await this.client.send(new SplitShardCommand(command));
    await this.#active(stream);
  }

  async merge(stream: string, first: string, second: string): Promise<void> {
    const command = { StreamName: stream, ShardToMerge: first, AdjacentShardToMerge: second };
    await this.client.send(new MergeShardsCommand(command));
    await this.#active(stream);
  }

  async shardIds(stream: string): Promise<string[]> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamName: stream }));
    return Shards.map(({ ShardId = '' }) => ShardId);
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.#close();
  }
}

/** Waits for a condition; looks every 5 ms. @throws Error that names it after `timeoutMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 180_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
