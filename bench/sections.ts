import type { BenchContext } from './context.ts';
import { inMemory } from './in-memory/section.ts';
import { flink } from './peers/flink/flink.ts';
import { aggregated } from './sections/aggregated.ts';
import { coldStart } from './sections/cold-start.ts';
import { core } from './sections/core.ts';
import { growth } from './sections/growth.ts';
import { memory } from './sections/memory.ts';
import { pipeline } from './sections/pipeline.ts';
import { userEvents } from './sections/user-events.ts';
import { verify } from './sections/verify.ts';
import type { Row } from './table.ts';

export interface Measurement {
  readonly title: string;
  readonly rows: (context: BenchContext) => Promise<Row[]>;
  /** Why it is not part of a run that names nothing. */
  readonly onlyIfNamed?: string;
}

/** By the name that `--only` takes. */
export const sections: Readonly<Record<string, Measurement>> = {
  core: { title: "The product's own work, in memory", rows: core },
  'user-events': { title: 'The user-events function beside the baseline', rows: userEvents },
  aggregated: { title: 'The user-events function on aggregated records', rows: aggregated },
  growth: { title: 'Growth with the users that are stored', rows: growth },
  draw: { title: 'The draw function, in memory', rows: inMemory('draw') },
  million: { title: 'A window of a million entries', rows: inMemory('million') },
  entries: { title: 'Partial draws for clicks on one lottery, batches of 1,000', rows: inMemory('entries') },
  'cold-start': { title: 'Bundles and cold starts', rows: coldStart },
  memory: { title: 'Memory of the user-events function', rows: memory },
  pipeline: { title: 'The whole pipeline on this machine', rows: pipeline },
  verify: {
    title: 'npm run verify: a million receipts with their sheets',
    rows: verify,
    onlyIfNamed: 'a minute by itself',
  },
  flink: {
    title: 'The same job on Flink',
    rows: () => flink(false),
    onlyIfNamed: 'minutes, with Java and Maven',
  },
  'flink-full': {
    title: 'The same job on Flink, 10^5 to 10^7 clicks',
    rows: () => flink(true),
    onlyIfNamed: 'many minutes, with Java and Maven',
  },
};
