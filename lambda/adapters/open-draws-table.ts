import * as z from 'zod/mini';
import type { OpenDraws } from '../core/draw-state.ts';
import { openDrawsSchema } from '../core/draw-state.ts';
import type { RunKey } from '../core/window.ts';
import { runKey } from '../core/window.ts';
import type { OpenDrawStore } from '../ports/ports.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { LongTexts } from './long-texts.ts';

/** A run's open draws are changed by the one function that reads its lottery's shard: a conflict is a zombie's. */
const maximumAttempts = 6;

const openItemSchema = z.object({
  drawId: z.string(),
  version: z.number(),
  /** JSON, or where it lies (LongTexts). */
  draws: z.string(),
});

/** What is open of each run, an item in the draws table under `<lotteryId>#<run>/open`, which is no draw's id. */
export class OpenDrawsTable implements OpenDrawStore {
  readonly #table: DynamoTable;
  readonly #texts: LongTexts;

  constructor(table: DynamoTable, texts: LongTexts) {
    this.#table = table;
    this.#texts = texts;
  }

  async open(run: RunKey): Promise<OpenDraws> {
    return (await this.#load(run)).draws;
  }

  async change(run: RunKey, change: (open: OpenDraws) => OpenDraws): Promise<void> {
    for (let attempt = 1; attempt <= maximumAttempts; attempt += 1) {
      const { version, draws: before } = await this.#load(run);
      const draws = await this.#texts.shorten(JSON.stringify(change(before)));
      const item = { drawId: keyOf(run), version: version + 1, draws };
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

  async #load(run: RunKey): Promise<{ version: number; draws: OpenDraws }> {
    const item = await this.#table.get({ drawId: keyOf(run) });
    if (item === undefined) return { version: 0, draws: {} };
    const { version, draws } = openItemSchema.parse(item);
    return { version, draws: openDrawsSchema.parse(JSON.parse(await this.#texts.whole(draws))) };
  }
}

function keyOf(run: RunKey): string {
  return `${runKey(run)}/open`;
}
