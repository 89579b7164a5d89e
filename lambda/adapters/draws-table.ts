import * as z from 'zod/mini';
import { mapBounded } from '../batch/map-bounded.ts';
import type { Refund, StoredDraw } from '../core/draw.ts';
import { entryIdSchema } from '../core/ids.ts';
import type { GrantedRefund } from '../core/user.ts';
import type { DrawStore, RefundKey, Refunds } from '../ports/ports.ts';
import { refundKey } from '../ports/ports.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { LongTexts } from './long-texts.ts';

const writesInFlight = 32;

const blockNamesSchema = z.array(z.string());

const drawItemSchema = z.object({
  drawId: z.string(),
  lotteryId: z.string(),
  run: z.number(),
  windowStart: z.number(),
  windowEnd: z.number(),
  winner: z.object({ entryId: z.string(), userId: z.string(), priority: z.string() }),
  entries: z.number(),
  windowSeed: z.string(),
  prize: z.optional(z.string()),
  /** JSON, or where it lies (LongTexts). */
  blocks: z.string(),
});

const refundItemSchema = z.object({
  /** `refundKey`. */
  drawId: z.string(),
  refundOf: z.string(),
  entryId: entryIdSchema,
  userId: z.string(),
  lotteryId: z.string(),
  run: z.number(),
  grantedAt: z.number(),
});

/**
 * The draws table, key `drawId`: draws under their ids, and refunds under `refundKey`, which is no draw's id. Each is
 * written once and never changed.
 */
export class DrawsTable implements DrawStore {
  readonly #table: DynamoTable;
  readonly #texts: LongTexts;

  constructor(table: DynamoTable, texts: LongTexts) {
    this.#table = table;
    this.#texts = texts;
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<{ stored: StoredDraw; isNew: boolean }> {
    const blocks = await this.#texts.shorten(JSON.stringify(draw.blocks));
    const { drawId } = draw;
    const { stored, isNew } = await this.#table.putIfAbsent({ ...draw, blocks }, { drawId });
    return { stored: isNew ? draw : await this.#fromItem(stored), isNew };
  }

  async drawOf(drawId: string): Promise<StoredDraw | undefined> {
    const item = await this.#table.get({ drawId });
    return item && this.#fromItem(item);
  }

  async putRefundsIfAbsent(
    refunds: readonly Refund[],
  ): Promise<{ stored: readonly Refund[]; isNew: number }> {
    const results = await mapBounded(writesInFlight, refunds, async ({ drawId: refundOf, ...refund }) => {
      const drawId = refundKey({ drawId: refundOf, entryId: refund.entryId });
      return this.#table.putIfAbsent({ ...refund, refundOf, drawId }, { drawId });
    });
    return {
      stored: results.map(({ stored }) => refundFromItem(stored)),
      isNew: results.filter(({ isNew }) => isNew).length,
    };
  }

  /** @throws z.ZodError when the item is no draw */
  async #fromItem(item: object): Promise<StoredDraw> {
    const { blocks, ...draw } = drawItemSchema.parse(item);
    return { ...draw, blocks: blockNamesSchema.parse(JSON.parse(await this.#texts.whole(blocks))) };
  }
}

/** The refunds in the draws table, for who grants them. */
export class RefundsTable implements Refunds {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    const ids = [...new Set(keys.map(refundKey))];
    if (ids.length === 0) return new Map();
    const items = await this.#table.getAll(
      ids.map((drawId) => ({ drawId })),
      true,
    );
    return new Map(
      items
        .map(refundFromItem)
        .map((refund) => [refundKey(refund), refund] satisfies [string, GrantedRefund]),
    );
  }
}

/** @throws z.ZodError when the item is no refund */
function refundFromItem(item: object): Refund {
  const { refundOf, ...refund } = refundItemSchema.parse(item);
  return { ...refund, drawId: refundOf };
}
