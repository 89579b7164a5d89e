import { partialRecord } from '../../lambda/core/entries-records.ts';
import { windowStartOf } from '../../lambda/core/window.ts';
import { processEntries } from '../../lambda/functions/draw/process.ts';
import { kinesisRecord, windowEvent } from '../events.ts';
import { compare, figureOf } from '../measure.ts';
import { drawWorld, run } from '../memory-ports.ts';
import type { Row } from '../table.ts';
import { drawnWindow } from '../window.ts';

const partials = 1_000;
const start = 1_700_000_000_000;
const windowStart = windowStartOf(start, run.windowMs);
/** Of a draw that is made: so many blocks, with so many entries each. */
const blocks = 20;
const entriesPerBlock = 1_000;
/** Lambda ends a tumbling window early when its state nears this. */
const stateLimitKb = 1_024;

/** The draw function in memory: partials that join its state, that state's size, and a draw from its blocks. */
export async function draw(): Promise<Row[]> {
  const world = drawWorld(() => start);
  const one = batchFor(1);
  const thousand = batchFor(1_000);
  const work = (batch: typeof one) => () => processEntries(windowEvent(batch, {}, start + 10_000), world);
  const made = drawnWindow({ windowStart, arrival: start, blocks, entriesPerBlock, keep: (text) => text });
  const madeWorld = drawWorld(() => start, made.objects);
  const figures = await compare(
    {
      one: { units: partials, work: work(one) },
      thousand: { units: partials, work: work(thousand) },
      made: {
        units: blocks * entriesPerBlock,
        work: () => processEntries(windowEvent(made.records, {}, start + 10_000), madeWorld),
      },
    },
    { rounds: 15, warmUp: 10 },
  );
  return [
    { name: 'draw, partials of one draw', unit: 'µs CPU/partial', figure: figureOf(figures.one) },
    { name: 'draw, partials of 1,000 draws', unit: 'µs CPU/partial', figure: figureOf(figures.thousand) },
    {
      name: `draw of ${blocks * entriesPerBlock} entries in ${blocks} blocks`,
      unit: 'µs CPU/entry',
      figure: figureOf(figures.made),
    },
    ...(await Promise.all([10, 1_000, 10_000].map(stateRow))),
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
    note: 'above the 1 MB of a state: Lambda ends the window early, and the draws go into the table',
  };
}

/** Partials of that many lotteries, in turn, of a window that is not over; each names a block of its own. */
function batchFor(lotteries: number, count = partials): ReturnType<typeof kinesisRecord>[] {
  return Array.from({ length: count }, (_, index) => {
    const lotteryId = String(index % lotteries);
    const block = String(index).padStart(64, 'a');
    const value = partialRecord({ lotteryId, run: 1, windowStart, dueAt: windowStart + 12_251, block });
    return kinesisRecord({ position: index, partitionKey: lotteryId, value, arrival: start });
  });
}
