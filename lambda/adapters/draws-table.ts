import * as z from 'zod/mini';
import type { LateEntry, StoredDraw } from '../core/draw.ts';
import { entrySchema } from '../core/partial-draw.ts';
import type { GrantedRefund } from '../core/user.ts';
import type { DrawStore, RefundKey, Refunds } from '../ports.ts';
import { refundKey } from '../ports.ts';
import type { DynamoTable } from './dynamo-table.ts';

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
  entryId: z.string(),
  userId: z.string(),
  lotteryId: z.string(),
  run: z.number(),
  missedDrawId: z.string(),
  movedTo: z.optional(z.number()),
  settledAt: z.number(),
});

/**
 * The draws table, key `drawId`. Two kinds of items, both written once and never changed: draws under their id,
 * and late entries under "<drawId>/<entryId>" (no draw id ends like that).
 */
export class DrawsTable implements DrawStore, Refunds {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<{ stored: StoredDraw; isNew: boolean }> {
    const { stored, isNew } = await this.#table.putIfAbsent({ ...draw }, { drawId: draw.drawId });
    return { stored: storedDrawSchema.parse(stored), isNew };
  }

  async putLateEntryIfAbsent(late: LateEntry): Promise<{ stored: LateEntry; isNew: boolean }> {
    const { drawId: missedDrawId, ...rest } = late;
    const key = { drawId: refundKey(late) };
    const { stored, isNew } = await this.#table.putIfAbsent({ ...key, ...rest, missedDrawId }, key);
    return { stored: lateEntryFrom(stored), isNew };
  }

  async granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>> {
    const distinct = [...new Set(keys.map(refundKey))];
    if (distinct.length === 0) return new Map();
    const items = await this.#table.getAll(
      distinct.map((drawId) => ({ drawId })),
      true,
    );
    // A client may name the id of any item here: what is not a late entry is no refund.
    const late = items.flatMap((item) =>
      lateEntrySchema.safeParse(item).success ? [lateEntryFrom(item)] : [],
    );
    return new Map(
      late
        .filter(({ movedTo }) => movedTo === undefined)
        .map((entry) => [
          refundKey(entry),
          { userId: entry.userId, lotteryId: entry.lotteryId, grantedAt: entry.settledAt },
        ]),
    );
  }
}

function lateEntryFrom(item: unknown): LateEntry {
  const { missedDrawId, ...rest } = lateEntrySchema.parse(item);
  return { ...rest, drawId: missedDrawId };
}
