import { blockRef } from '../../lambda/core/block.ts';
import { partialRecord } from '../../lambda/core/entries-records.ts';
import { windowStartOf } from '../../lambda/core/window.ts';
import { processEntries } from '../../lambda/functions/draw/process.ts';
import type { Effort } from '../effort.ts';
import { drawWorld, run } from '../in-memory/ports.ts';
import { drawnWindow } from '../in-memory/window.ts';
import { cpuMicroseconds, figureOf, inTurns } from '../measure.ts';
import { kinesisRecord, windowEvent } from '../payloads/records.ts';
import type { Row } from '../table.ts';

const partials = 1_000;
const start = 1_700_000_000_000;
const windowStart = windowStartOf(start, run.windowMs);
/** Of a draw that is made: so many blocks, with so many entries each. */
const blocks = 20;

type Batch = ReturnType<typeof batchFor>;

/** The draw function in memory: partials that join its state, that state's size, and a draw from its blocks. */
export async function draw(effort: Effort): Promise<Row[]> {
  const entriesPerBlock = effort.of(1_000, 10);
  const made = drawnWindow({ windowStart, arrival: start, blocks, entriesPerBlock, keep: (text) => text });
  const madeWorld = drawWorld(() => start, made.objects);
  const [one, thousand] = [batchFor(1), batchFor(1_000)];
  const figures = await inTurns(
    {
      one: cpuPerUnit(partials, () => processBatch(one)),
      thousand: cpuPerUnit(partials, () => processBatch(thousand)),
      made: cpuPerUnit(blocks * entriesPerBlock, () =>
        processEntries(windowEvent(made.records, {}, start + 10_000), madeWorld),
      ),
    },
    { rounds: effort.of(15), warmUp: effort.of(10, 0) },
  );
  return [
    { name: 'draw, partials of one draw', unit: 'µs CPU/partial', figure: figureOf(figures.one) },
    { name: 'draw, partials of 1,000 draws', unit: 'µs CPU/partial', figure: figureOf(figures.thousand) },
    {
      name: `draw of ${(blocks * entriesPerBlock).toLocaleString('en-US')} entries in ${blocks} blocks`,
      unit: 'µs CPU/entry',
      figure: figureOf(figures.made),
    },
    ...(await Promise.all([10, 1_000].map(stateRow))),
  ];
}

function cpuPerUnit(units: number, work: () => Promise<unknown>): () => Promise<number> {
  return async () => (await cpuMicroseconds(work)) / units;
}

/** @returns the state then, KB @throws Error when the function has not taken them for partials, which is cheap */
async function processBatch(batch: Batch): Promise<number> {
  const world = drawWorld(() => start);
  const { state } = await processEntries(windowEvent(batch, {}, start + 10_000), world);
  if (Object.keys(state.draws).length === 0) throw new Error('The draw function has no draw open');
  return Buffer.byteLength(JSON.stringify(state)) / 1024;
}

async function stateRow(draws: number): Promise<Row> {
  return {
    name: `state of ${draws.toLocaleString('en-US')} open draws`,
    unit: 'KB',
    value: await processBatch(batchFor(draws, draws)),
  };
}

/** Partials of that many lotteries, in turn, of a window that is not over; each names a block of its own. */
function batchFor(lotteries: number, count = partials) {
  return Array.from({ length: count }, (_, index) => {
    const lotteryId = String(index % lotteries);
    const hash = String(index).padStart(64, 'a');
    const block = blockRef(hash, hash);
    const value = partialRecord({ lotteryId, run: 1, windowStart, dueAt: windowStart + 12_251, block });
    return kinesisRecord({ position: index, partitionKey: lotteryId, value, arrival: start });
  });
}
