import * as z from 'zod/mini';
import { beaconChainSchema } from '../core/beacon.ts';
import { blockRefSchema } from '../core/block.ts';
import type { ClosedDraw } from '../core/closed-draw.ts';
import type { ClosedDrawStore } from '../ports/ports.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { LongTexts } from './long-texts.ts';

const blocksSchema = z.array(blockRefSchema);

const closedItemSchema = z.object({
  lotteryId: z.string(),
  run: z.number(),
  windowStart: z.number(),
  windowEnd: z.number(),
  /** JSON, or where it lies (LongTexts). */
  blocks: z.string(),
  windowRoot: z.string(),
  windowSeedCommitment: z.string(),
  closedAt: z.number(),
  beacon: z.optional(z.object({ chain: beaconChainSchema, round: z.number() })),
});

/**
 * Closed draws, in the draws table under `<drawId>/closed`, which is no draw's id: those end with a number. Each is written
 * once, and never changed.
 */
export class ClosedDraws implements ClosedDrawStore {
  readonly #table: DynamoTable;
  readonly #texts: LongTexts;

  constructor(table: DynamoTable, texts: LongTexts) {
    this.#table = table;
    this.#texts = texts;
  }

  async closeIfAbsent(draw: ClosedDraw): Promise<ClosedDraw> {
    const key = keyOf(draw.drawId);
    const blocks = await this.#texts.shorten(JSON.stringify(draw.blocks));
    const { stored, isNew } = await this.#table.putIfAbsent({ ...draw, ...key, blocks }, key);
    return isNew ? draw : this.#fromItem(draw.drawId, stored);
  }

  async closedOf(drawId: string): Promise<ClosedDraw | undefined> {
    const item = await this.#table.get(keyOf(drawId));
    return item && this.#fromItem(drawId, item);
  }

  /** @throws z.ZodError when the item is no closed draw */
  async #fromItem(drawId: string, item: object): Promise<ClosedDraw> {
    const { blocks, ...draw } = closedItemSchema.parse(item);
    const whole: unknown = JSON.parse(await this.#texts.whole(blocks));
    return { drawId, ...draw, blocks: blocksSchema.parse(whole) };
  }
}

function keyOf(drawId: string): { readonly drawId: string } {
  return { drawId: `${drawId}/closed` };
}
