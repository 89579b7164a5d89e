import * as z from 'zod/mini';
import { mapBounded } from '../batch/map-bounded.ts';
import { nameOf } from '../core/block.ts';
import type { OpenDraw, OpenDraws } from '../core/draw-state.ts';
import { openDrawsSchema, unionOf } from '../core/draw-state.ts';
import type { RunKey } from '../core/window.ts';
import { runKey } from '../core/window.ts';
import type { OpenDrawStore } from '../ports/ports.ts';
import { TextMissing } from '../ports/text-missing.ts';
import type { ContentBucket } from './content-bucket.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { LongTexts } from './long-texts.ts';

/** A run's open draws are changed by the one function that reads its lottery's shard: a conflict is a zombie's. */
const maximumAttempts = 6;

const openItemSchema = z.object({
  drawId: z.string(),
  version: z.number(),
  /** JSON, or where it lies (LongTexts). */
  draws: z.string(),
  /** Where more of it lies, which was not to be had when the rest was changed. */
  missing: z.optional(z.array(z.string())),
});

/** A draw with more is a list in the bucket and its name in the item: the item is written whole at each change. */
const mostBlocks = 16;

const writesInFlight = 16;

/**
 * What is open of each run, an item in the draws table under `<lotteryId>#<run>/open`, which is no draw's id. After an hour
 * in which nothing was drawn it has hundreds of windows, each with the blocks of all shards.
 */
export class OpenDrawsTable implements OpenDrawStore {
  readonly #table: DynamoTable;
  readonly #lists: ContentBucket;
  readonly #texts: LongTexts;

  /** @param lists the folder of the draws bucket */
  constructor(table: DynamoTable, lists: ContentBucket) {
    this.#table = table;
    this.#lists = lists;
    this.#texts = new LongTexts(lists);
  }

  async open(run: RunKey): Promise<OpenDraws> {
    const { draws, missing } = await this.#load(run);
    if (missing.length > 0)
      throw new TextMissing(`${missing.join(', ')} is missing in the draws bucket, or was changed`);
    return draws;
  }

  async change(run: RunKey, change: (open: OpenDraws) => OpenDraws): Promise<void> {
    for (let attempt = 1; attempt <= maximumAttempts; attempt += 1) {
      const { version, draws: before, missing } = await this.#load(run);
      const draws = await this.#texts.shorten(JSON.stringify(await this.#shortened(change(before))));
      const item = {
        drawId: keyOf(run),
        version: version + 1,
        draws,
        ...(missing.length > 0 && { missing }),
      };
      const condition =
        version === 0
          ? { condition: 'attribute_not_exists(drawId)' }
          : { condition: 'version = :loaded', values: { ':loaded': version } };
      const [result] = await this.#table.putAll([{ item, ...condition }]);
      if (result?.kind === 'written') return;
      if (result?.kind !== 'conflict') throw result?.error;
    }
    throw new Error(
      `What is open of ${runKey(run)} was changed by others at each of ${maximumAttempts} attempts`,
    );
  }

  /** First the lists, then what names them. */
  async #shortened(draws: OpenDraws): Promise<OpenDraws> {
    const entries = await mapBounded(writesInFlight, Object.entries(draws), async ([drawId, draw]) => {
      const shortened = draw.blocks.length > mostBlocks ? await this.#withList(draw) : draw;
      return [drawId, shortened] as const;
    });
    return Object.fromEntries(entries);
  }

  async #withList({ blocks, lists = [], ...draw }: OpenDraw): Promise<OpenDraw> {
    const text = JSON.stringify(blocks);
    const name = nameOf(text);
    await this.#lists.put(name, text);
    return { ...draw, blocks: [], lists: [...new Set([...lists, name])] };
  }

  /** What of it can be read, and where the rest lies. */
  async #load(run: RunKey): Promise<{ version: number; draws: OpenDraws; missing: readonly string[] }> {
    const item = await this.#table.get({ drawId: keyOf(run) });
    if (item === undefined) return { version: 0, draws: {}, missing: [] };
    const { version, draws: latest, missing: before = [] } = openItemSchema.parse(item);
    let draws: OpenDraws = {};
    const missing: string[] = [];
    for (const text of [latest, ...before]) {
      const read = await this.#read(text);
      if (read === undefined) missing.push(text);
      else draws = unionOf(draws, read);
    }
    return { version, draws, missing };
  }

  async #read(text: string): Promise<OpenDraws | undefined> {
    try {
      return openDrawsSchema.parse(JSON.parse(await this.#texts.whole(text)));
    } catch (error) {
      if (error instanceof TextMissing) return undefined;
      throw error;
    }
  }
}

function keyOf(run: RunKey): string {
  return `${runKey(run)}/open`;
}
