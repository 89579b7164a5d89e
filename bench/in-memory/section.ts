import { Child } from '../child.ts';
import type { BenchContext } from '../context.ts';
import { fullEffort } from '../effort.ts';
import type { Row } from '../table.ts';

export type InMemorySection = 'draw' | 'entries' | 'million';

/** Measures a section whose batches are made with it in a process that has loaded nothing but what it measures. */
export function inMemory(section: InMemorySection): (context: BenchContext) => Promise<Row[]> {
  return async ({ effort }) => {
    const child = new Child('./in-memory/process.ts', {
      ...{ BENCH_SECTION: section, BENCH_EFFORT: effort === fullEffort ? 'full' : 'once' },
    });
    try {
      const { rows } = (await child.answer()) as { rows: Row[] };
      return rows;
    } finally {
      child.stop();
    }
  };
}
