import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { mapBounded } from '../batch/map-bounded.ts';
import { beaconChainSchema } from '../core/beacon.ts';
import type { LotteryRun, LotteryState } from '../core/lottery.ts';
import type { RunKey } from '../core/window.ts';
import { runKey } from '../core/window.ts';
import type {
  KeyedWrite,
  LotteryEndings,
  LotteryEventStore,
  LotteryRuns,
  WriteResult,
} from '../ports/ports.ts';
import type { Item } from './attribute-values.ts';
import { toAttributes } from './attribute-values.ts';
import { cursorsSchema } from './cursors-attribute.ts';
import type { ConditionalPut } from './dynamo-table.ts';
import { DynamoTable } from './dynamo-table.ts';
import type { RetryPolicy } from './retry.ts';
import { standardRetry } from './retry.ts';

/** The lottery as it is now lies under run 0; ended runs that a restart replaced lie under their own number. */
const currentRun = 0;
const writesInFlight = 8;

/** A run, as it lies in an item of the table. */
export const runSchema = z.object({
  lotteryId: z.string(),
  run: z.number(),
  status: z.enum(['active', 'stopped', 'ended']),
  seedCommitment: z.string(),
  receiptKey: z.string(),
  beacon: z.optional(beaconChainSchema),
  firstWindowStart: z.optional(z.number()),
  lastWindowStart: z.optional(z.number()),
  prizes: z.optional(z.array(z.string())),
  windowMs: z.number(),
  graceMs: z.number(),
  replay: z.optional(z.literal(true)),
});

const lotteryItemSchema = z.object({
  lotteryId: z.string(),
  run: z.number(),
  version: z._default(z.number(), 0),
  current: z.optional(runSchema),
  cursors: z._default(cursorsSchema, {}),
});

/** The lotteries table: key `lotteryId` and `run`. It may be shown to anyone: the seeds lie in a table of their own. */
export class LotteriesTable implements LotteryEventStore, LotteryRuns, LotteryEndings {
  readonly #client: DynamoDBClient;
  readonly #table: DynamoTable;

  constructor(client: DynamoDBClient, name: string, retry: RetryPolicy = standardRetry) {
    this.#client = client;
    this.#table = new DynamoTable(client, name, retry);
  }

  async load(lotteryIds: readonly string[]): Promise<Map<string, LotteryState>> {
    // Always consistent: a replaced run must be put away as it was when it ended.
    const items = await this.#read(lotteryIds.map((lotteryId) => ({ lotteryId, run: currentRun })));
    return new Map(
      items.map(({ lotteryId, version, current, cursors }) => [
        lotteryId,
        { version, cursors, ...(current && { run: current }) },
      ]),
    );
  }

  async current(lotteryIds: readonly string[]): Promise<Map<string, LotteryRun>> {
    const runs = await this.#readRuns(lotteryIds.map((lotteryId) => ({ lotteryId, run: currentRun })));
    return new Map(runs.map((run) => [run.lotteryId, run]));
  }

  async byRun(keys: readonly RunKey[]): Promise<Map<string, LotteryRun>> {
    const wanted = new Map(
      keys.map(({ lotteryId, run }) => [runKey({ lotteryId, run }), { lotteryId, run }]),
    );
    const current = await this.current([...new Set(keys.map(({ lotteryId }) => lotteryId))]);
    const found = new Map([...current.values()].map((run) => [runKey(run), run]));
    const missing = [...wanted].flatMap(([key, run]) => (found.has(key) ? [] : [run]));
    for (const run of await this.#readRuns(missing)) found.set(runKey(run), run);
    return new Map([...found].filter(([key]) => wanted.has(key)));
  }

  /**
   * A restart first puts the ended run away under its own number, then replaces it, if the version is still the
   * one loaded. Dying in between leaves a copy that the next attempt writes again.
   */
  write(writes: readonly KeyedWrite<LotteryState>[]): Promise<WriteResult[]> {
    return mapBounded(writesInFlight, writes, async (write): Promise<WriteResult> => {
      try {
        await this.#putAwayReplacedRun(write);
      } catch (error) {
        return { kind: 'failed', error };
      }
      const [result] = await this.#table.putAll([put(write)]);
      return result ?? { kind: 'failed', error: new Error(`No result for lottery ${write.key}`) };
    });
  }

  async #putAwayReplacedRun({ key: lotteryId, state }: KeyedWrite<LotteryState>): Promise<void> {
    if (state.run === undefined || state.run.run === 1) return;
    const before = (await this.current([lotteryId])).get(lotteryId);
    if (before === undefined || before.run >= state.run.run) return;
    const key = { lotteryId, run: before.run };
    await this.#table.putIfAbsent({ ...key, current: before }, key);
  }

  async end({ lotteryId, run }: RunKey): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: toAttributes({ lotteryId, run: currentRun }),
      UpdateExpression: 'SET #current.#status = :ended ADD version :one',
      ConditionExpression: '#current.#run = :run AND #current.#status <> :ended',
      ExpressionAttributeNames: { '#current': 'current', '#status': 'status', '#run': 'run' },
      ExpressionAttributeValues: toAttributes({ ':ended': 'ended', ':one': 1, ':run': run }),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      // Ended before, and perhaps replaced by a new run since.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async #readRuns(keys: readonly { lotteryId: string; run: number }[]): Promise<LotteryRun[]> {
    return (await this.#read(keys)).flatMap(({ current }) => (current ? [current] : []));
  }

  async #read(keys: readonly { lotteryId: string; run: number }[]): Promise<LotteryItem[]> {
    if (keys.length === 0) return [];
    const items: Item[] = await this.#table.getAll([...keys], true);
    return items.map((item) => lotteryItemSchema.parse(item));
  }
}

type LotteryItem = z.infer<typeof lotteryItemSchema>;

function put({ key: lotteryId, state: { version, run, cursors } }: KeyedWrite<LotteryState>): ConditionalPut {
  return {
    item: { lotteryId, run: currentRun, version: version + 1, cursors, ...(run && { current: run }) },
    ...(version === 0
      ? { condition: 'attribute_not_exists(lotteryId)' }
      : { condition: 'version = :loaded', values: { ':loaded': version } }),
  };
}
