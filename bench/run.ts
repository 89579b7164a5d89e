/** `npm run bench`: what a click costs, in one run, with their targets. docs/benchmarks.md says how to read them. */
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Command, Option } from 'commander';
import { projectRoot } from '../lib/project-root.ts';
import { synthesize } from '../local/cloudformation/assembly.ts';
import { type Bundle, deployedBundles } from './bundles.ts';
import { inMemory } from './in-memory.ts';
import { flink } from './peers/flink/flink.ts';
import { bundles } from './sections/bundles.ts';
import { growth } from './sections/growth.ts';
import { pipeline } from './sections/pipeline.ts';
import { userEvents } from './sections/user-events.ts';
import { verify } from './sections/verify.ts';
import { Stub } from './stub/stub.ts';
import type { Row, Section } from './table.ts';
import { isMet, numberOf, renderSection } from './table.ts';

/** The environment whose bundles are measured; the code is the same in all. */
const environment = 'prod';

interface BenchContext {
  readonly bundles: readonly Bundle[];
  readonly userEvents: Bundle;
  readonly stub: Stub;
}

const onStub = 'on a stub endpoint that answers at once';

/** By the name that `--only` takes. */
const sections: Readonly<Record<string, { title: string; rows: (context: BenchContext) => Promise<Row[]> }>> =
  {
    core: { title: 'The core, in memory', rows: () => inMemory('core') },
    'user-events': {
      title: `The user-events function, ${onStub}`,
      rows: (context) => userEvents(context.userEvents, context.stub),
    },
    draw: { title: 'The draw function, in memory', rows: () => inMemory('draw') },
    million: { title: 'A window of a million entries', rows: () => inMemory('million') },
    entries: {
      title: 'Partial draws for clicks on one lottery, batches of 1,000',
      rows: () => inMemory('entries'),
    },
    growth: {
      title: `Growth: the user-events function, ${onStub}`,
      rows: (context) => growth(context.userEvents, context.stub),
    },
    bundles: { title: 'Bundles', rows: (context) => bundles(context.bundles) },
    verify: { title: 'npm run verify: a million receipts with their sheets', rows: verify },
    pipeline: { title: 'The whole pipeline on this machine', rows: pipeline },
    // Many minutes, for FLINK=full.
    flink: { title: 'The same job on Flink', rows: () => flink(process.env.FLINK === 'full') },
  };

/** What is measured unless it is asked for: not Flink, which needs Java and minutes of its own. */
const usual = Object.keys(sections).filter((name) => name !== 'flink');

interface Options {
  readonly json?: true;
  readonly only?: readonly string[];
}

const options = new Command()
  .name('npm run bench --')
  .description('Measures what a click costs.')
  .option('--json', 'print one JSON document on stdout instead of the table')
  .addOption(new Option('--only <section...>', 'only these').choices(Object.keys(sections)))
  .parse()
  .opts<Options>();

// Whoever reads has seen enough (`| head`): the next section has nobody.
process.stdout.on('error', () => process.exit(0));

await main(options);

async function main({ json, only = usual }: Options): Promise<void> {
  const began = performance.now();
  const context = await prepare();
  try {
    const measured: Section[] = [];
    for (const name of only) {
      const section = sections[name];
      if (section === undefined) continue;
      const result = { title: section.title, rows: await section.rows(context) };
      measured.push(result);
      if (json !== true) process.stdout.write(`${renderSection(result)}\n`);
    }
    const seconds = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(json === true ? `${toJson(measured, seconds)}\n` : summary(measured, seconds));
  } finally {
    await context.close();
  }
}

async function prepare(): Promise<BenchContext & { close(): Promise<void> }> {
  // With the page, which not every environment has: all functions are measured.
  const context = { [`${environment}:livePage`]: 'on' };
  const assembly = await synthesize({ project: projectRoot, stage: environment, context });
  const all = deployedBundles(assembly);
  const found = all.find(({ name }) => name === 'user-events');
  if (found === undefined) throw new Error('The app has no user-events function');
  const stub = await Stub.start();
  const close = async () => {
    stub.stop();
    await assembly.remove();
  };
  return { bundles: all, userEvents: found, stub, close };
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim()}, ${cpus().length} cores, Node ${process.version}`;
}

function summary(measured: readonly Section[], seconds: number): string {
  const verdicts = measured.flatMap(({ rows }) => rows.map(isMet));
  const met = verdicts.filter((verdict) => verdict === true).length;
  const all = verdicts.filter((verdict) => verdict !== undefined).length;
  return `${met} of ${all} targets met; ${seconds} s on ${machine()}.\n`;
}

function toJson(measured: readonly Section[], seconds: number): string {
  const rows = measured.flatMap((section) =>
    section.rows.map((row) => ({
      section: section.title,
      name: row.name.trim(),
      unit: row.unit,
      value: numberOf(row),
      ...(row.figure && { least: row.figure.least, most: row.figure.most }),
      ...(row.atMost !== undefined && { atMost: row.atMost, met: isMet(row) }),
      ...(row.note !== undefined && { note: row.note }),
    })),
  );
  return JSON.stringify({ machine: machine(), seconds, rows }, undefined, 2);
}
