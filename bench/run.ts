/** `npm run bench`: what a click costs, in one run, with their targets. docs/benchmarks.md says how to read them. */
import { performance } from 'node:perf_hooks';
import { Command, Option } from 'commander';
import { openContext } from './context.ts';
import { fullEffort } from './effort.ts';
import { machine, toJson, toMarkdown } from './formats.ts';
import { sections } from './sections.ts';
import type { Section } from './table.ts';
import { renderSection } from './table.ts';
import { targetLines } from './targets.ts';

interface Options {
  readonly json?: true;
  readonly markdown?: true;
  readonly list?: true;
  readonly only?: readonly string[];
}

const options = new Command()
  .name('npm run bench --')
  .description('Measures what a click costs.')
  .option('--json', 'print one JSON document on stdout instead of the table')
  .addOption(new Option('--markdown', 'print the tables of docs/benchmarks.md instead').conflicts('json'))
  .option('--list', 'print the names of the sections')
  .addOption(new Option('--only <section...>', 'only these').choices(Object.keys(sections)))
  .parse()
  .opts<Options>();

// Whoever reads has seen enough (`| head`): the next section has nobody.
process.stdout.on('error', () => process.exit(0));

// What was made for the run is removed at its end, this one too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (options.list === true) process.stdout.write(list());
else await measure(options);

function list(): string {
  return Object.entries(sections)
    .map(
      ([name, { title, onlyIfNamed }]) =>
        `${name.padEnd(12)} ${title}${onlyIfNamed ? ` (${onlyIfNamed})` : ''}\n`,
    )
    .join('');
}

async function measure({ json, markdown, only = byDefault() }: Options): Promise<void> {
  const began = performance.now();
  const context = await openContext(fullEffort);
  const isText = json === undefined && markdown === undefined;
  try {
    const measured: Section[] = [];
    for (const name of only) {
      const section = sections[name];
      if (section === undefined) continue;
      const result = { title: section.title, rows: await section.rows(context) };
      measured.push(result);
      if (isText) process.stdout.write(`${renderSection(result)}\n`);
    }
    const seconds = Math.round((performance.now() - began) / 1_000);
    if (json === true) process.stdout.write(toJson(measured, seconds));
    if (markdown === true) process.stdout.write(toMarkdown(measured, seconds));
    if (isText) process.stdout.write(`${targetLines(measured)}${seconds} s on ${machine()}.\n`);
  } finally {
    await context.close();
  }
}

function byDefault(): string[] {
  return Object.entries(sections).flatMap(([name, { onlyIfNamed }]) =>
    onlyIfNamed === undefined ? [name] : [],
  );
}
