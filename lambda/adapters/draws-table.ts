import * as z from 'zod/mini';
import type { StoredDraw } from '../core/draw.ts';
import type { DrawStore } from '../ports/ports.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { LongTexts } from './long-texts.ts';

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
  windowRoot: z.string(),
  sheet: z.string(),
  beacon: z.optional(z.object({ round: z.number(), signature: z.string() })),
});

/**
 * The draws table, key `drawId`: draws, each written once and never changed.
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

  /** @throws z.ZodError when the item is no draw */
  async #fromItem(item: object): Promise<StoredDraw> {
    const { blocks, ...draw } = drawItemSchema.parse(item);
    return { ...draw, blocks: blockNamesSchema.parse(JSON.parse(await this.#texts.whole(blocks))) };
  }
}
