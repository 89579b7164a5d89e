import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import type { Settings } from '../options.ts';
import { parseHashKey, rangeJson } from './hash-keys.ts';
import { TOKEN_LIFE_MS } from './iterators.ts';
import type { Shard } from './shard.ts';
import { DEFAULT_RETENTION_HOURS, Stream } from './stream.ts';
import { nameOf, type StreamNamed, streamName } from './stream-name.ts';

/** https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html: a new on-demand stream has 4 shards. */
const ON_DEMAND_SHARDS = 4;
/** Kinesis API reference, ListShards: the default and the most of a page. */
const DEFAULT_PAGE = 1_000;
const LARGEST_PAGE = 10_000;
const LONGEST_RETENTION_HOURS = 8_760;

const listing = z.strictObject({
  ...streamName,
  NextToken: z.string().optional(),
  MaxResults: z.int().min(1).max(LARGEST_PAGE).optional(),
  ExclusiveStartShardId: z.string().optional(),
});

/** Requests: made once, and not with each account. */
const schemas = {
  CreateStream: z.strictObject({
    StreamName: z.string().regex(/^[a-zA-Z0-9_.-]{1,128}$/),
    ShardCount: z.int().min(1).optional(),
    StreamModeDetails: z.strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
  }),
  DescribeStreamSummary: z.strictObject(streamName),
  IncreaseStreamRetentionPeriod: z.strictObject({
    ...streamName,
    RetentionPeriodHours: z.int().min(DEFAULT_RETENTION_HOURS).max(LONGEST_RETENTION_HOURS),
  }),
  SplitShard: z.strictObject({ ...streamName, ShardToSplit: z.string(), NewStartingHashKey: z.string() }),
  MergeShards: z.strictObject({ ...streamName, ShardToMerge: z.string(), AdjacentShardToMerge: z.string() }),
};

/** The streams of one account. Streams are active, and resharded, at once. */
export class Streams {
  readonly #settings: Settings;
  readonly #streams = new Map<string, Stream>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @throws ServiceError */
  readonly find = (named: StreamNamed): Stream => {
    const name = nameOf(named);
    const stream = this.#streams.get(name);
    if (stream !== undefined) return stream;
    throw new ServiceError('ResourceNotFoundException', `Stream ${name} under account not found.`);
  };

  get operations(): Record<string, Operation> {
    return {
      CreateStream: operation(schemas.CreateStream, ({ StreamName: name, ShardCount, StreamModeDetails }) => {
        if (this.#streams.has(name)) {
          throw new ServiceError('ResourceInUseException', `Stream ${name} already exists.`);
        }
        const shards = StreamModeDetails?.StreamMode === 'ON_DEMAND' ? ON_DEMAND_SHARDS : (ShardCount ?? 1);
        this.#streams.set(name, new Stream(name, shards, this.#settings));
        return {};
      }),
      DescribeStreamSummary: operation(schemas.DescribeStreamSummary, (input) => ({
        StreamDescriptionSummary: this.#summary(this.find(input)),
      })),
      IncreaseStreamRetentionPeriod: operation(schemas.IncreaseStreamRetentionPeriod, (input) => {
        const stream = this.find(input);
        if (input.RetentionPeriodHours < stream.retentionHours) {
          throw new ServiceError('InvalidArgumentException', 'The retention period would decrease.');
        }
        stream.retentionHours = input.RetentionPeriodHours;
        return {};
      }),
      ListShards: operation(listing, (input) => this.#listShards(input)),
      SplitShard: operation(schemas.SplitShard, (input) => {
        this.find(input).split(input.ShardToSplit, parseHashKey(input.NewStartingHashKey));
        return {};
      }),
      MergeShards: operation(schemas.MergeShards, (input) => {
        this.find(input).merge(input.ShardToMerge, input.AdjacentShardToMerge);
        return {};
      }),
    };
  }

  #summary({ name, retentionHours, createdAt, openShards }: Stream) {
    const { region, accountId } = this.#settings;
    return {
      StreamName: name,
      StreamARN: `arn:aws:kinesis:${region}:${accountId}:stream/${name}`,
      StreamStatus: 'ACTIVE',
      RetentionPeriodHours: retentionHours,
      StreamCreationTimestamp: createdAt / 1000,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      OpenShardCount: openShards.length,
      ConsumerCount: 0,
    };
  }

  #listShards({ NextToken, MaxResults, ExclusiveStartShardId, ...named }: z.output<typeof listing>) {
    const isNamed = named.StreamName !== undefined || named.StreamARN !== undefined;
    if (NextToken !== undefined && (isNamed || ExclusiveStartShardId !== undefined)) {
      throw new ServiceError(
        'InvalidArgumentException',
        'NextToken and StreamName cannot be provided together.',
      );
    }
    const page = NextToken === undefined ? undefined : this.#parseToken(NextToken);
    const after = page?.after ?? ExclusiveStartShardId ?? '';
    const most = MaxResults ?? page?.most ?? DEFAULT_PAGE;
    const stream = this.find(page === undefined ? named : { StreamName: page.stream });
    const left = stream.shards.filter(({ id }) => id > after);
    const shards = left.slice(0, most);
    const more = left.length > most && `${shards.at(-1)?.id}/${most}/${this.#settings.now()}/${stream.name}`;
    return { Shards: shards.map(shardJson), ...(more && { NextToken: more }) };
  }

  #parseToken(token: string): { after: string; most: number; stream: string } {
    const [after = '', most, issued, stream] = token.split('/');
    if (stream === undefined) throw new ServiceError('InvalidArgumentException', 'Invalid NextToken.');
    if (this.#settings.now() - Number(issued) > TOKEN_LIFE_MS) {
      throw new ServiceError('ExpiredNextTokenException', 'NextToken expired.');
    }
    return { after, most: Number(most), stream };
  }
}

function shardJson({ id, parents, range, startingSequenceNumber, endingSequenceNumber }: Shard) {
  const [parent, adjacent] = parents;
  return {
    ShardId: id,
    ...(parent !== undefined && { ParentShardId: parent }),
    ...(adjacent !== undefined && { AdjacentParentShardId: adjacent }),
    HashKeyRange: rangeJson(range),
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber,
      ...(endingSequenceNumber !== undefined && { EndingSequenceNumber: endingSequenceNumber }),
    },
  };
}
