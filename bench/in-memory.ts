import { Child } from './child.ts';
import type { Row } from './table.ts';

export type InMemorySection = 'core' | 'draw' | 'entries' | 'million';

/** Measures one of the sections in memory in a process that has loaded nothing but what it measures. */
export async function inMemory(section: InMemorySection): Promise<Row[]> {
  const child = new Child('./in-memory-process.ts', { BENCH_SECTION: section });
  try {
    const { rows } = (await child.answer()) as { rows: Row[] };
    return rows;
  } finally {
    child.stop();
  }
}
