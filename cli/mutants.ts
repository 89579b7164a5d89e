/**
 * `npm run mutants`: the simulation with each of a list of defects, which it must find.
 * Exit code 0: all were found, each by a seed that shows nothing without it; 1: one was not.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { Finder, type Found, type Run } from '../proof/mutants/finding.ts';
import type { Mutant } from '../proof/mutants/mutant.ts';
import { mutants } from '../proof/mutants/mutants.ts';
import { onOutputClosed } from './closed-output.ts';
import { wholeNumber } from './command-options.ts';

const options = new Command('npm run mutants --')
  .description(
    'Runs the simulation on code with a defect, one run for each core at a time: each must show within so many seeds.',
  )
  .option('--seeds <number>', 'how many seeds a defect may need', wholeNumber(1, 100_000), 200)
  .option('--events <number>', 'events of a run', wholeNumber(1, 1_000_000), 2_000)
  .option('--only <text>', 'those whose name has this text')
  .helpOption('-h, --help', 'show this help')
  .parse(process.argv)
  .opts<{ seeds: number; events: number; only?: string }>();

/** Of a violation, so many characters: it names the record in full. */
const SHOWN = 100;
/** For one mutant. */
const MOST_MS = 1_800_000;
const EXIT_INTERRUPTED = 130;
const LONGEST = Math.max(...mutants.map(({ name }) => name.length));
const hook = new URL('../proof/mutants/hook.ts', import.meta.url).href;
const finder = new Finder(firstFailure);
const root = fileURLToPath(new URL('../', import.meta.url));
const waiting = mutants.filter(({ name }) => name.includes(options.only ?? ''));
const survivors: string[] = [];
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(EXIT_INTERRUPTED));
onOutputClosed(() => process.exit(0));

if (waiting.length === 0) {
  console.error(`error: no mutant has '${options.only}' in its name`);
  process.exit(1);
}

const count = waiting.length;
console.log(row('seed', 'events', 'mutant', 'violated'));
await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(`${count} mutants, ${survivors.length} not found in ${options.seeds} seeds`);
for (const name of survivors) console.log(`  ${name}`);
if (survivors.length > 0) process.exitCode = 1;

async function work(): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const { name } = mutant;
    const found = await findIn(mutant);
    if (found === undefined) survivors.push(name);
    const { seed, problem } = found ?? { seed: 0, problem: 'NOT FOUND' };
    console.log(row(seed, (seed || options.seeds) * options.events, name, problem));
  }
}

/** One line of the table. @param events of all runs until it was found */
function row(seed: number | string, events: number | string, name: string, problem: string): string {
  const shown = problem.length > SHOWN ? `${problem.slice(0, SHOWN)} …` : problem;
  return `${String(seed).padStart(4)}  ${String(events).padStart(7)}  ${name.padEnd(LONGEST)}  ${shown}`;
}

/** @returns which seed showed it, and how; undefined: none did, or that is not known */
async function findIn(mutant: Mutant): Promise<Found | undefined> {
  try {
    return await finder.find(mutant, options.seeds);
  } catch (error) {
    console.error(`${mutant.name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function firstFailure(...[mutant, seeds]: Parameters<Run>): Promise<Found | undefined> {
  const hooked = mutant === undefined ? [] : ['--import', hook];
  const { from, count: number, connector } = seeds;
  const given = { from, seeds: number, events: options.events, ...(connector && { connector }) };
  const parameters = Object.entries(given).flatMap(([option, value]) => [`--${option}`, String(value)]);
  const child = spawn(process.execPath, [...hooked, 'cli/simulate.ts', '--until-failure', ...parameters], {
    cwd: root,
    env: { ...process.env, MUTANT: mutant, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A defect may be a loop without end.
    timeout: MOST_MS,
  });
  children.add(child);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  children.delete(child);
  const [, seed, problem] = /^seed (\d+): (.*)$/m.exec(stdout) ?? [];
  if (seed !== undefined && problem !== undefined) return { seed: Number(seed), problem };
  if (code !== 0) throw new Error(child.signalCode ?? stderr);
  return undefined;
}
