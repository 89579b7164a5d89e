import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { LateEntry, StoredDraw } from '../core/draw.ts';
import { entrySchema } from '../core/partial-draw.ts';
import type { GrantedRefund } from '../core/user.ts';
import type { DrawStore, KnownDraw, RefundKey, Refunds } from '../ports/ports.ts';
import { refundKey } from '../ports/ports.ts';
import type { Item } from './attribute-values.ts';
import { fromAttributes, toAttributes } from './attribute-values.ts';
import { DynamoTable } from './dynamo-table.ts';
import type { RetryPolicy } from './retry.ts';
import { standardRetry } from './retry.ts';

const storedDrawSchema = z.object({
  drawId: z.string(),
  lotteryId: z.string(),
  run: z.number(),
  windowStart: z.number(),
  windowEnd: z.number(),
  winner: entrySchema,
  entries: z.number(),
  windowSeed: z.string(),
  prize: z.optional(z.string()),
});

const lateEntrySchema = z.object({
  userId: z.string(),
  movedTo: z.optional(z.number()),
  settledAt: z.number(),
});

const drawItemSchema = z.extend(storedDrawSchema, {
  /** By entry id. */
  late: z.record(z.string(), lateEntrySchema),
});

/**
 * The draws table, key `drawId`. A draw is written once and never changed; with it lie the entries that came too
 * late for it, each written once. Together, since both are published again whenever the draw is met again.
 */
export class DrawsTable implements DrawStore, Refunds {
  readonly #client: DynamoDBClient;
  readonly #table: DynamoTable;

  constructor(client: DynamoDBClient, name: string, retry: RetryPolicy = standardRetry) {
    this.#client = client;
    this.#table = new DynamoTable(client, name, retry);
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<KnownDraw> {
    const { stored, isNew } = await this.#table.putIfAbsent({ ...draw, late: {} }, { drawId: draw.drawId });
    return { ...fromItem(stored), isNew };
  }

  async putLateEntryIfAbsent(entry: LateEntry): Promise<{ stored: LateEntry; isNew: boolean }> {
    const { drawId, entryId, userId, movedTo, settledAt } = entry;
    const command = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: toAttributes({ drawId }),
      UpdateExpression: 'SET #late.#entry = if_not_exists(#late.#entry, :settled)',
      // The draw is there, and with it the map: an entry is late for a draw that was made.
      ConditionExpression: 'attribute_exists(drawId)',
      ExpressionAttributeNames: { '#late': 'late', '#entry': entryId },
      ExpressionAttributeValues: toAttributes({ ':settled': { userId, movedTo, settledAt } }),
      ReturnValues: 'ALL_OLD',
    });
    const { Attributes: before = {} } = await this.#client.send(command);
    const known = fromItem(fromAttributes(before)).late.find((late) => late.entryId === entryId);
    return known === undefined ? { stored: entry, isNew: true } : { stored: known, isNew: false };
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    const drawIds = [...new Set(keys.map(({ drawId }) => drawId))];
    if (drawIds.length === 0) return new Map();
    const items = await this.#table.getAll(
      drawIds.map((drawId) => ({ drawId })),
      true,
    );
    const refunded = items
      .flatMap((item) => fromItem(item).late)
      .filter(({ movedTo }) => movedTo === undefined);
    return new Map(
      refunded.map((entry) => [
        refundKey(entry),
        { userId: entry.userId, lotteryId: entry.lotteryId, grantedAt: entry.settledAt },
      ]),
    );
  }
}

/** @throws z.ZodError when the item is no draw */
function fromItem(item: Item): Pick<KnownDraw, 'stored' | 'late'> {
  const { late, ...stored } = drawItemSchema.parse(item);
  const { drawId, lotteryId, run } = stored;
  const entries = Object.entries(late).map(([entryId, entry]) => ({
    entryId,
    drawId,
    lotteryId,
    run,
    ...entry,
  }));
  return { stored, late: entries };
}
