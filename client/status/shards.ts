import { mapBounded } from '../../lambda/batch/map-bounded.ts';
import type { OpenShard } from '../../lambda/ports/ports.ts';
import type { Clock } from '../../local/clock.ts';
import type { Environment } from '../environment/open.ts';
import { outerOf, outputOf } from '../environment/output.ts';
import { type Item, readItems } from '../environment/tables.ts';

const READS_IN_FLIGHT = 8;

/** How far an open shard of an input stream is processed. */
export interface ShardProgress {
  /** `user/<shardId>` or `lottery/<shardId>`, as in the watermarks table. */
  readonly shard: string;
  /** All that arrived up to there is processed and published, ms; absent where nothing of it was yet. */
  readonly watermark?: number;
  /** How long the oldest record behind it has waited, ms; 0 where there is none. */
  readonly behindMs: number;
}

/** Up to where all inputs were complete when the ticks function last looked, ms. */
export interface Completeness {
  readonly watermark: number;
  readonly lookedAt: number;
  /** The shard that was least far. */
  readonly slowest: string;
}

export interface Watermarks {
  readonly shards: readonly ShardProgress[];
  /** Absent before anybody has waited for a draw. */
  readonly complete?: Completeness;
}

/** The watermarks of all open shards, and whether there is anything behind them. */
export async function readWatermarks(environment: Environment, clock: Clock): Promise<Watermarks> {
  const streams = {
    lottery: outerOf(environment, 'LotteryEventsInput'),
    user: outerOf(environment, 'UserEventsInput'),
  };
  const { dynamodb } = environment.clients;
  const open = await environment.streams.inputs(streams).open();
  const keys = [...open.map(nameOf), 'all/arrival'].map((shardId) => ({ shardId }));
  const table = outputOf(environment, 'WatermarksTableName');
  const items = await readItems({ dynamodb, clock }, table, keys, [
    ...['shardId', 'watermark', 'position', 'lookedAt', 'slowest'],
  ]);
  const found = new Map(items.map((item) => [item.shardId, item]));
  const shards = await mapBounded(READS_IN_FLIGHT, open, async (shard) => {
    const item = found.get(nameOf(shard));
    const stream = streams[shard.input];
    const behindMs = await behind({ environment, clock, stream, shardId: shard.shardId, item });
    return {
      shard: nameOf(shard),
      ...(typeof item?.watermark === 'number' && { watermark: item.watermark }),
      behindMs,
    };
  });
  const complete = completenessIn(found.get('all/arrival'));
  return { shards, ...(complete && { complete }) };
}

function nameOf({ input, shardId }: OpenShard): string {
  return `${input}/${shardId}`;
}

function completenessIn(item: Item | undefined): Completeness | undefined {
  const { watermark, lookedAt, slowest } = item ?? {};
  const isOne = typeof watermark === 'number' && typeof lookedAt === 'number' && typeof slowest === 'string';
  return isOne ? { watermark, lookedAt, slowest } : undefined;
}

interface Place {
  environment: Environment;
  clock: Clock;
  stream: string;
  shardId: string;
  /** Of the watermarks table. */
  item: Item | undefined;
}

/** By reading one record behind the position: a shard on which nothing comes has an old watermark, and is not behind. */
async function behind({ environment, clock, stream, shardId, item }: Place): Promise<number> {
  const position = typeof item?.position === 'string' ? item.position.replace(/^0+(?=.)/, '') : undefined;
  const [record] = await firstOf(environment.streams.tail({ stream, shardId, after: position }, 1));
  return record === undefined ? 0 : Math.max(1, clock.now() - record.arrival);
}

async function firstOf<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  for await (const value of values) return [value];
  return [];
}
