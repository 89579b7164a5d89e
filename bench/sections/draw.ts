import { partialRecord } from '../../lambda/core/entries-records.ts';
import { processEntries } from '../../lambda/functions/draw/process.ts';
import { kinesisRecord, windowEvent } from '../events.ts';
import { compare, figureOf } from '../measure.ts';
import { drawWorld } from '../memory-ports.ts';
import type { Row } from '../table.ts';

const partials = 1_000;
const start = 1_700_000_000_000;
/** Lambda ends a tumbling window early when its state nears this. */
const stateLimitKb = 1_024;

/** The draw function in memory: merging partials into its state, and that state's size. */
export async function draw(): Promise<Row[]> {
  const world = drawWorld(() => start);
  const one = batchFor(1);
  const thousand = batchFor(1_000);
  const work = (batch: typeof one) => () => processEntries(windowEvent(batch, {}, start + 10_000), world);
  const figures = await compare(
    {
      one: { units: partials, work: work(one) },
      thousand: { units: partials, work: work(thousand) },
    },
    { rounds: 15, warmUp: 10 },
  );
  return [
    { name: 'draw, partials of one draw', unit: 'µs CPU/partial', figure: figureOf(figures.one) },
    { name: 'draw, partials of 1,000 draws', unit: 'µs CPU/partial', figure: figureOf(figures.thousand) },
    ...(await Promise.all([10, 1_000, 5_000].map(stateRow))),
  ];
}

async function stateRow(draws: number): Promise<Row> {
  const event = windowEvent(batchFor(draws, draws), {}, start + 10_000);
  const { state } = await processEntries(
    event,
    drawWorld(() => start),
  );
  const kilobytes = Buffer.byteLength(JSON.stringify(state)) / 1024;
  const row: Row = {
    name: `state of ${draws.toLocaleString('en-US')} open draws`,
    unit: 'KB',
    value: kilobytes,
  };
  if (kilobytes <= stateLimitKb) return row;
  return {
    ...row,
    note: 'above the 1 MB of a state: Lambda ends the window early, and the draws are carried over',
  };
}

/** Partials of that many lotteries, in turn, of a window that is not over. */
function batchFor(lotteries: number, count = partials): ReturnType<typeof kinesisRecord>[] {
  return Array.from({ length: count }, (_, index) => {
    const lotteryId = String(index % lotteries);
    const best = {
      entryId: `shardId-000000000000:${String(index).padStart(56, '4')}`,
      userId: String(index),
      priority: String(index).padStart(64, 'a'),
    };
    const windowStart = start - (start % 10_000);
    const value = partialRecord({ lotteryId, run: 1, windowStart, best, entries: 20 });
    return kinesisRecord({ position: index, partitionKey: lotteryId, value, arrival: start });
  });
}
