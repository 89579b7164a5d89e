import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { mapBounded } from '../batch/map-bounded.ts';
import type { Refund } from '../core/draw.ts';
import { type RefundKey, refundKey } from '../core/refund-key.ts';
import type { GrantedRefund } from '../core/user.ts';
import type { RefundStore, Refunds } from '../ports/ports.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { takeItems } from './taken-items.ts';

const writesInFlight = 32;

const refundItemSchema = z.object({
  /** `refundKey`. */
  refundId: z.string(),
  drawId: z.string(),
  entryId: z.string(),
  userId: z.string(),
  lotteryId: z.string(),
  run: z.number(),
  grantedAt: z.number(),
  isTaken: z._default(z.boolean(), false),
});

/**
 * The refunds table, key `refundId`: a coupon that goes back, granted by the draw function, and whether it went back, said by
 * the user-events function.
 */
export class RefundsTable implements Refunds, RefundStore {
  readonly #client: DynamoDBClient;
  readonly #table: DynamoTable;

  constructor(client: DynamoDBClient, table: DynamoTable) {
    this.#client = client;
    this.#table = table;
  }

  async putIfAbsent(refunds: readonly Refund[]): Promise<{ stored: readonly Refund[]; isNew: number }> {
    const results = await mapBounded(writesInFlight, refunds, (refund) => {
      const refundId = refundKey(refund);
      return this.#table.putIfAbsent({ refundId, ...refund }, { refundId });
    });
    return {
      stored: results.map(({ stored }) => refundItemSchema.parse(stored)),
      isNew: results.filter(({ isNew }) => isNew).length,
    };
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    const ids = [...new Set(keys.map(refundKey))];
    if (ids.length === 0) return new Map();
    const items = await this.#table.getAll(
      ids.map((refundId) => ({ refundId })),
      true,
    );
    return new Map(
      items
        .map((item) => refundItemSchema.parse(item))
        .map(({ refundId, ...granted }) => [refundId, granted]),
    );
  }

  take(keys: readonly string[]): Promise<void> {
    return takeItems(this.#client, { table: this.#table.name, key: 'refundId' }, keys);
  }
}
