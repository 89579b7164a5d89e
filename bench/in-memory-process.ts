/** The process of one section in memory: measures it, and sends its rows. */
import type { InMemorySection } from './in-memory.ts';
import type { Row } from './table.ts';

const sections: Readonly<Record<InMemorySection, () => Promise<Row[]>>> = {
  core: async () => (await import('./sections/core.ts')).core(),
  draw: async () => (await import('./sections/draw.ts')).draw(),
  million: async () => (await import('./sections/million.ts')).million(),
  entries: async () => (await import('./sections/entries.ts')).entries(),
};

const { BENCH_SECTION: name = '' } = process.env;
const section = Object.entries(sections).find(([key]) => key === name)?.[1];
if (section === undefined) throw new Error(`There is no section '${name}' in memory`);
const rows = await section();
process.send?.({ rows });
