/** The process of one section in memory: measures it, and sends its rows. */
import { type Effort, fullEffort, onceEachEffort } from '../effort.ts';
import type { Row } from '../table.ts';
import type { InMemorySection } from './section.ts';

const sections: Readonly<Record<InMemorySection, () => Promise<(effort: Effort) => Promise<Row[]>>>> = {
  draw: async () => (await import('../sections/draw.ts')).draw,
  million: async () => (await import('../sections/million.ts')).million,
  entries: async () => (await import('../sections/entries.ts')).entries,
};

const { BENCH_SECTION: name = '', BENCH_EFFORT } = process.env;
const load = Object.entries(sections).find(([key]) => key === name)?.[1];
if (load === undefined) throw new Error(`There is no section '${name}' in memory`);
const section = await load();
process.send?.({ rows: await section(BENCH_EFFORT === 'once' ? onceEachEffort : fullEffort) });
