import { BucketBlocks, ContentBucket } from '../../lambda/adapters/content-bucket.ts';
import { LongTexts } from '../../lambda/adapters/long-texts.ts';
import { objectOf } from '../../lambda/core/block.ts';
import {
  type OpenDraw,
  type OpenDraws,
  openDrawsSchema,
  withPartials,
} from '../../lambda/core/draw-state.ts';
import { entriesRecordSchema } from '../../lambda/core/entries-records.ts';
import type { PartialDraw } from '../../lambda/core/partial-draw.ts';
import { runKey, windowStartOf } from '../../lambda/core/window.ts';
import type { Clock } from '../../local/clock.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import type { Environment } from '../environment/open.ts';
import { outputOf } from '../environment/output.ts';
import { readItems } from '../environment/tables.ts';
import type { Run } from '../lotteries.ts';
import { readStream } from '../read-stream.ts';

/** Lambda keeps open draws in the state of its window until that ends: at the latest two minutes after it is over, ms. */
const LAMBDA_WINDOW_MS = 150_000;
const MOST_RECORDS = 100_000;
/** Blocks that are read to count the entries of one draw: up to 1 MB each. */
const MOST_BLOCKS = 200;

/** A draw that has entries and no winner yet. Times in ms. */
export interface OpenDrawNow {
  readonly drawId: string;
  readonly windowStart: number;
  readonly windowEnd: number;
  /** The inputs have to be complete up to there before it is closed. */
  readonly dueAt: number;
  /** Different clicks in the blocks that are known. */
  readonly entries: number;
  /** Whether all blocks that are known were counted. */
  readonly isWhole: boolean;
  /** Of the beacon, once it is closed; 0 where it needs none. */
  readonly round?: number;
}

export interface OpenDrawsOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The draws of a run that wait, in the order of their windows: those in the draws table, and the partial draws that lie on
 * the entries stream, which Lambda's window may still hold.
 */
export async function readOpenDraws(options: OpenDrawsOptions, run: Run): Promise<OpenDrawNow[]> {
  const [stored, partials] = await Promise.all([storedOf(options, run), partialsOf(options, run)]);
  const all = Object.entries(withPartials(stored, partials));
  const drawn = await drawnOf(
    options,
    all.map(([drawId]) => drawId),
  );
  const { environment } = options;
  const blocks = new BucketBlocks(environment.clients.s3, outputOf(environment, 'DrawsBucketName'));
  const open: OpenDrawNow[] = [];
  for (const [drawId, draw] of all) {
    if (drawn.has(drawId)) continue;
    const { windowStart, dueAt, round } = draw;
    open.push({
      ...{ drawId, windowStart, windowEnd: windowStart + run.windowMs, dueAt },
      ...(await countOf(drawId, draw, blocks)),
      ...(round !== undefined && { round }),
    });
  }
  return open.toSorted((left, right) => left.windowStart - right.windowStart);
}

async function storedOf({ environment, clock }: OpenDrawsOptions, run: Run): Promise<OpenDraws> {
  const { dynamodb, s3 } = environment.clients;
  const table = outputOf(environment, 'DrawsTableName');
  const keys = [{ drawId: `${runKey(run)}/open` }];
  const [item] = await readItems({ dynamodb, clock }, table, keys, ['draws']);
  if (typeof item?.draws !== 'string') return {};
  const lists = new ContentBucket(s3, outputOf(environment, 'DrawsBucketName'), 'lists');
  return openDrawsSchema.parse(JSON.parse(await new LongTexts(lists).whole(item.draws)));
}

async function partialsOf(options: OpenDrawsOptions, run: Run): Promise<PartialDraw[]> {
  const { lotteryId, windowMs, graceMs } = run;
  const now = options.clock.now();
  const partials: PartialDraw[] = [];
  await readStream(
    {
      ...{ ...options, stream: 'Entries' as const, partitionKey: lotteryId, most: MOST_RECORDS },
      since: windowStartOf(now, windowMs) - windowMs - graceMs - LAMBDA_WINDOW_MS,
    },
    (record) => {
      const partial = partialIn(record);
      if (partial?.lotteryId === lotteryId && partial.run === run.run) partials.push(partial);
    },
  );
  return partials;
}

function partialIn({ data }: StreamRecord): PartialDraw | undefined {
  try {
    const record = entriesRecordSchema.parse(JSON.parse(Buffer.from(data).toString('utf8')));
    return record.type === 'PartialDraw' ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Those that have a winner by now. */
async function drawnOf(
  { environment, clock }: OpenDrawsOptions,
  drawIds: readonly string[],
): Promise<Set<unknown>> {
  const { dynamodb } = environment.clients;
  const table = outputOf(environment, 'DrawsTableName');
  const keys = drawIds.map((drawId) => ({ drawId }));
  const items = await readItems({ dynamodb, clock }, table, keys, ['drawId']);
  return new Set(items.map(({ drawId }) => drawId));
}

async function countOf(
  drawId: string,
  { blocks: refs, lists = [] }: OpenDraw,
  blocks: BucketBlocks,
): Promise<Pick<OpenDrawNow, 'entries' | 'isWhole'>> {
  const listed = await Promise.all(lists.map((list) => blocks.listed(list)));
  const names = [...new Set([...refs, ...listed.flatMap((some) => some ?? [])].map(objectOf))];
  const read = await blocks.read(names.slice(0, MOST_BLOCKS));
  const entries = new Set([...read.values()].flatMap((block) => (block[drawId] ?? []).map(([id]) => id)));
  const isWhole = names.length <= MOST_BLOCKS && listed.every((some) => some !== undefined);
  return { entries: entries.size, isWhole: isWhole && read.size === names.length };
}
