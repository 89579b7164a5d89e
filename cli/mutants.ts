/**
 * `npm run mutants`: the simulation with each of a list of defects, which it must find.
 * Exit code 0: all were found; 1: one was not.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type Mutant, mutants } from '../proof/mutants/mutants.ts';
import { wholeNumber } from './command-options.ts';

const options = new Command('npm run mutants --')
  .description(
    'Runs the simulation on code with a defect, one after the other: each must show within so many seeds.',
  )
  .option('--seeds <number>', 'how many seeds a defect may need', wholeNumber(1, 100_000), 200)
  .option('--events <number>', 'events of a run', wholeNumber(1, 1_000_000), 500)
  .option('--only <text>', 'those whose name has this text')
  .helpOption('-h, --help', 'show this help')
  .parse(process.argv)
  .opts<{ seeds: number; events: number; only?: string }>();

const root = fileURLToPath(new URL('../', import.meta.url));
const waiting = mutants.filter(({ name }) => name.includes(options.only ?? ''));
const survivors: string[] = [];

await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(`${mutants.length} mutants, ${survivors.length} not found`);
for (const name of survivors) console.log(`  ${name}`);
if (survivors.length > 0) process.exitCode = 1;

async function work(): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const line = await found(mutant);
    if (line === undefined) survivors.push(mutant.name);
    console.log(
      `${line === undefined ? 'MISSED' : 'found '}  ${mutant.name}: ${line ?? `not in ${options.seeds} seeds`}`,
    );
  }
}

/** @returns which seed showed it, and how; undefined: none did. @throws Error when the run does not come to its end */
async function found({ name }: Mutant): Promise<string | undefined> {
  const hook = new URL('../proof/mutants/hook.ts', import.meta.url).href;
  const parameters = [
    '--until-failure',
    '--seeds',
    String(options.seeds),
    '--events',
    String(options.events),
  ];
  const child = spawn(process.execPath, ['--import', hook, 'cli/simulate.ts', ...parameters], {
    cwd: root,
    env: { ...process.env, MUTANT: name, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code === 0) return undefined;
  const [line] = /^seed .*$/m.exec(stdout) ?? [];
  if (line === undefined) throw new Error(`${name}: ${stderr}`);
  return line;
}
