import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';
import { isKafka, type OuterName, outerNames, outerOutput } from '../../../client/streams/open.ts';
import type { OuterStreams } from '../../../client/streams/outer-streams.ts';
import { ContentBucket } from '../../../lambda/adapters/content-bucket.ts';
import { LongTexts } from '../../../lambda/adapters/long-texts.ts';
import { openDrawsSchema } from '../../../lambda/core/draw-state.ts';
import type { Clock } from '../../../local/clock.ts';
import type { FaultLog } from '../../../local/faults/kinds.ts';
import type { Runtime } from '../../../local/runtime-options.ts';
import type {
  FunctionState,
  PipelineState,
  QueueState,
  StreamState,
  WatermarkState,
} from '../../../web/machine/types.ts';
import type { Activity } from './activity.ts';

/** However many pages are open, the services are asked once in so long. */
const freshMs = 1_000;
/** Items of a table that are looked at: nobody reads more of them on a page. */
const mostItems = 200;

export interface PipelineOptions {
  readonly runtime: Runtime;
  readonly outer: OuterStreams;
  readonly activity: Activity;
  readonly faults?: FaultLog;
  readonly clock: Clock;
}

/** All of the running environment at one time. */
export class Pipeline {
  readonly #options: PipelineOptions;
  #latest: { at: number; state: Promise<PipelineState> } | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  state(): Promise<PipelineState> {
    const now = this.#options.clock.now();
    if (this.#latest === undefined || now - this.#latest.at >= freshMs)
      this.#latest = { at: now, state: this.#look(now) };
    return this.#latest.state;
  }

  async #look(at: number): Promise<PipelineState> {
    const { runtime, faults } = this.#options;
    const [streams, queues, watermarks, openDraws, failedBatches] = await Promise.all([
      this.#streams(),
      Promise.all(named(runtime, 'QueueUrl').map((url) => this.#queue(url))),
      this.#watermarks(),
      this.#openDraws(),
      this.#failedBatches(),
    ]);
    return {
      ...{ at, streams, queues, functions: this.#functions(at), watermarks, openDraws, failedBatches },
      stores: [...named(runtime, 'TableName'), ...named(runtime, 'BucketName')],
      ...(faults && { faults: faults.byKind }),
    };
  }

  #functions(now: number): FunctionState[] {
    const { runtime, activity } = this.#options;
    const places = new Map(
      ['StreamName', 'TopicName', 'QueueUrl', 'TableName', 'BucketName'].flatMap((kind) =>
        named(runtime, kind).map((value) => [value, nameOf(value)]),
      ),
    );
    return [...runtime.functions].map(([name, { variables }]) => {
      const { failed, lastFailure } = activity.of(name);
      const mappings = (runtime.mappings.get(name) ?? []).map((mapping) => {
        const { sourceArn, state, behindMs, unfinished, openWindows } = mapping.status();
        const source = nameOf(sourceArn);
        return { source, isEnabled: state === 'Enabled', lagMs: behindMs, unfinished, openWindows };
      });
      const uses = Object.values(variables).flatMap((value) => places.get(value) ?? []);
      return {
        ...{ name, ...activity.of(name).rates(now), failed, ...(lastFailure && { lastFailure }) },
        ...{ mappings, uses: [...new Set(uses)] },
      };
    });
  }

  /** What is within an environment is on Kinesis, whatever its connector. */
  async #streams(): Promise<StreamState[]> {
    const { runtime, outer } = this.#options;
    const { outputs, clients } = runtime;
    const kind = isKafka(outputs) ? 'topic' : 'stream';
    const shared = outerNames.flatMap((as) => {
      const name = outputs[outerOutput(outputs, as)];
      return name === undefined ? [] : [{ name, kind, isInput: isInput(as) } as const];
    });
    const inner = named(runtime, 'StreamName').filter((one) => !shared.some(({ name }) => name === one));
    return Promise.all([
      ...shared.map((one) => this.#stream(outer, one)),
      ...inner.map((name) =>
        this.#stream(new KinesisStreams(clients.kinesis), { name, kind: 'stream', isInput: false }),
      ),
    ]);
  }

  /** The shards that are open: inputs and outputs are asked alike. */
  async #stream(
    streams: OuterStreams,
    one: Pick<StreamState, 'name' | 'kind' | 'isInput'>,
  ): Promise<StreamState> {
    const { activity, clock } = this.#options;
    const of = activity.ofStream(one.name);
    const [{ length: shards }, taken] = await Promise.all([
      streams.inputs({ user: one.name }).open(),
      streams.taken(one.name),
    ]);
    const now = clock.now();
    if (taken !== undefined) of.hadTaken(taken, now);
    return { ...one, shards, ...of.rates(now) };
  }

  async #queue(QueueUrl: string): Promise<QueueState> {
    const { sqs } = this.#options.runtime.clients;
    const { Attributes = {} }: { Attributes?: Record<string, string> } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    const count = (what: string) => Number(Attributes[`ApproximateNumberOfMessages${what}`] ?? 0);
    return {
      ...{ name: nameOf(QueueUrl), waiting: count('') },
      ...{ delayed: count('Delayed'), inFlight: count('NotVisible') },
    };
  }

  async #watermarks(): Promise<WatermarkState[]> {
    const items = await this.#items('WatermarksTableName');
    return items
      .map(({ shardId, watermark }) => ({ shard: shardId?.S ?? '', time: Number(watermark?.N ?? 0) }))
      .sort((left, right) => (left.shard < right.shard ? -1 : 1));
  }

  /** Each run has a list of its own, as long as it has open draws. */
  async #openDraws(): Promise<number> {
    const { outputs, clients } = this.#options.runtime;
    const lotteries = await this.#items('LotteriesTableName');
    const runs = lotteries.flatMap(({ lotteryId, current }) => {
      const run = current?.M?.run?.N;
      return lotteryId?.S === undefined || run === undefined ? [] : [`${lotteryId.S}#${run}/open`];
    });
    const lists = await Promise.all(
      runs.map((drawId) =>
        clients.dynamodb.send(
          new GetItemCommand({ TableName: outputs.DrawsTableName, Key: { drawId: { S: drawId } } }),
        ),
      ),
    );
    const texts = new LongTexts(new ContentBucket(clients.s3, outputs.DrawsBucketName ?? '', 'lists'));
    const numbers = await Promise.all(
      lists.map(async ({ Item: { draws, missing } = {} }) => {
        const parts = [draws, ...(missing?.L ?? [])].flatMap((part) => part?.S ?? []);
        return new Set((await Promise.all(parts.map((part) => drawsIn(part, texts)))).flat()).size;
      }),
    );
    return numbers.reduce((sum, number) => sum + number, 0);
  }

  async #failedBatches(): Promise<number> {
    const { outputs, clients } = this.#options.runtime;
    const list = { Bucket: outputs.ArtifactsBucketName, Prefix: 'aws/lambda/', MaxKeys: mostItems };
    const { KeyCount = 0 } = await clients.s3.send(new ListObjectsV2Command(list));
    return KeyCount;
  }

  async #items(table: string) {
    const { outputs, clients } = this.#options.runtime;
    const command = new ScanCommand({ TableName: outputs[table], Limit: mostItems });
    return (await clients.dynamodb.send(command)).Items ?? [];
  }
}

function isInput(name: OuterName): boolean {
  return name.endsWith('Input');
}

/** Outputs of the stacks, by how their names end. */
function named({ outputs }: Runtime, end: string): string[] {
  return Object.entries(outputs)
    .filter(([name]) => name.endsWith(end))
    .map(([, value]) => value);
}

/** The last part of an ARN or a URL. */
function nameOf(place: string): string {
  return place.split(/[/:]/).at(-1) ?? place;
}

/** Of what is open of a run, which may lie in the bucket. What cannot be read is none: the draws' alarms are for that. */
async function drawsIn(text: string, texts: LongTexts): Promise<string[]> {
  try {
    return Object.keys(openDrawsSchema.parse(JSON.parse(await texts.whole(text))));
  } catch {
    return [];
  }
}
