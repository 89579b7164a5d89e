import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type {
  Completeness,
  CompletenessStore,
  Progress,
  ShardKey,
  WatermarkReader,
  WatermarkWriter,
} from '../ports/ports.ts';
import { toAttributes } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** Sequence numbers are decimals of up to 186 bits: of one length they compare as text. */
const positionDigits = 60;

const progressSchema = z.object({
  shardId: z.string(),
  watermark: z.number(),
  position: z.string(),
  clock: z.optional(z.number()),
});

const completenessSchema = z.object({
  watermark: z.number(),
  lookedAt: z.number(),
  heartbeatAt: z.number(),
  slowest: z.string(),
  version: z.number(),
});

const neverLookedAt: Completeness = { watermark: 0, lookedAt: 0, heartbeatAt: 0, slowest: '', version: 0 };

/** No shards' keys: those begin with an input. One for each kind of time: a replay's says nothing of what arrives. */
const allShards = { arrival: 'all/arrival', clock: 'all/clock' } as const;

/**
 * The watermarks table, key `shardId`: how far each shard of the input streams is, under `<input>/<shardId>`, and under
 * `all/arrival` up to where all of them are complete, in a replay under `all/clock`.
 */
export class WatermarksTable implements WatermarkWriter, WatermarkReader, CompletenessStore {
  readonly #client: DynamoDBClient;
  readonly #table: DynamoTable;
  readonly #all: string;

  /** @param time which is complete: of arrivals, or of a replay's clicks */
  constructor(client: DynamoDBClient, table: DynamoTable, time: keyof typeof allShards = 'arrival') {
    this.#client = client;
    this.#table = table;
    this.#all = allShards[time];
  }

  async advance(shard: ShardKey, { watermark, position, clock }: Progress): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: toAttributes({ shardId: keyOf(shard) }),
      UpdateExpression: `SET watermark = :watermark, #position = :position${clock === undefined ? '' : ', clock = :clock'}`,
      ConditionExpression: 'attribute_not_exists(#position) OR #position < :position',
      ExpressionAttributeNames: { '#position': 'position' },
      ExpressionAttributeValues: toAttributes({
        ':watermark': watermark,
        ':position': position.padStart(positionDigits, '0'),
        ':clock': clock,
      }),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      // Somebody was further: a batch that came again, or one that is redriven.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async progressOf(shards: readonly ShardKey[]): Promise<(Progress | undefined)[]> {
    if (shards.length === 0) return [];
    const items = await this.#table.getAll(
      shards.map((shard) => ({ shardId: keyOf(shard) })),
      true,
    );
    const found = new Map(
      items.map((item) => progressSchema.parse(item)).map((item) => [item.shardId, item]),
    );
    return shards.map((shard) => {
      const item = found.get(keyOf(shard));
      if (item === undefined) return undefined;
      const { watermark, position, clock } = item;
      return { watermark, position: position.replace(/^0+(?=.)/, ''), clock };
    });
  }

  async known(): Promise<Completeness> {
    const item = await this.#table.get({ shardId: this.#all });
    return item ? completenessSchema.parse(item) : neverLookedAt;
  }

  async replace({ version, ...known }: Completeness): Promise<boolean> {
    const item = { shardId: this.#all, ...known, version: version + 1 };
    const condition =
      version === 0
        ? { condition: 'attribute_not_exists(shardId)' }
        : { condition: 'version = :loaded', values: { ':loaded': version } };
    const [result] = await this.#table.putAll([{ item, ...condition }]);
    if (result?.kind === 'failed') throw result.error;
    return result?.kind === 'written';
  }
}

function keyOf({ input, shardId }: ShardKey): string {
  return `${input}/${shardId}`;
}
