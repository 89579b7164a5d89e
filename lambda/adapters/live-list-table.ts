import * as z from 'zod/mini';
import { indexChannel } from '../core/live-channel.ts';
import type { ListedLottery, LiveList } from '../ports/live.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { expiryOf } from './live-table.ts';

const linePrefix = 'lottery/';

const summarySchema = z.object({
  lotteryId: z.union([z.string(), z.number()]),
  channel: z.string(),
  run: z.number(),
  state: z.enum(['open', 'ended']),
  windowStart: z.optional(z.number()),
  entries: z.number(),
  winners: z.number(),
});

const lineSchema = z.object({ ...summarySchema.shape, activeAt: z.number() });

/** The list in the live table: under `index`, `lottery/<channel>` for each line. */
export class LiveListTable implements LiveList {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  async put({ summary, activeAt }: ListedLottery, version: number): Promise<void> {
    const item = {
      ...{ lottery: indexChannel, part: `${linePrefix}${summary.channel}`, version },
      ...{ ...summary, activeAt, expiresAt: expiryOf(this.#now()) },
    };
    const condition = 'attribute_not_exists(lottery) OR version < :version';
    const [result] = await this.#table.putAll([{ item, condition, values: { ':version': version } }]);
    if (result?.kind === 'failed') throw result.error;
  }

  async all(): Promise<ListedLottery[]> {
    const items = await this.#table.query({ lottery: indexChannel }, { part: linePrefix });
    return items.map((item) => {
      const { activeAt } = lineSchema.parse(item);
      return { summary: summarySchema.parse(item), activeAt };
    });
  }

  async remove({ summary: { channel }, activeAt }: ListedLottery): Promise<void> {
    // Active again, or removed by somebody else: then it stays as it is.
    await this.#table.deleteIf(
      { lottery: indexChannel, part: `${linePrefix}${channel}` },
      { condition: 'activeAt = :activeAt', values: { ':activeAt': activeAt } },
    );
  }
}
