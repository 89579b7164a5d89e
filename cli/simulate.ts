/**
 * `npm run simulate`: the whole pipeline in virtual time, under faults, a run for each seed.
 * Exit code 0: nothing violated; 1: something is, or a run did not come to its end.
 */
import { Command, Option } from 'commander';
import type { SimulatedConnector } from '../proof/simulation/conditions.ts';
import type { SimulationReport } from '../proof/simulation/simulate.ts';
import type { Templates } from '../proof/simulation/templates.ts';
import { onOutputClosed } from './closed-output.ts';
import { wholeNumber } from './command-options.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly events: number;
  readonly seed?: string;
  readonly connector?: SimulatedConnector;
  readonly trace?: true;
  readonly untilFailure?: true;
}

const ENVIRONMENT = 'dev';
/** Problems of a series that are told one by one. */
const MOST_TOLD = 50;

const options = new Command('npm run simulate --')
  .description(
    'Runs the pipeline in virtual time: its own code, on services in memory, under faults that a seed chooses. A seed ' +
      'gives the same run each time, step by step. docs/faults.md says what is done to it, and what is checked.',
  )
  .option('--seeds <number>', 'how many runs (1 to 1000000)', wholeNumber(1, 1_000_000), 100)
  .option('--from <seed>', 'the first seed', wholeNumber(0, 1_000_000_000), 1)
  .option(
    '--events <number>',
    'how many events the players put in each (1 to 1000000)',
    wholeNumber(1, 1_000_000),
    500,
  )
  .option('--seed <seed>', 'this run alone')
  .addOption(
    new Option('--connector <name>', 'what the outer streams are; default: what the seed chooses').choices([
      'kinesis',
      'kafka',
    ]),
  )
  .option('--until-failure', 'one run after the other, and no more after one that fails')
  .option('--trace', 'with --seed: every step of it, in words', undefined)
  .helpOption('-h, --help', 'show this help')
  .parse(process.argv)
  .opts<Options>();

if (options.trace && options.seed === undefined) fail('--trace tells of one run: --seed says of which.');
if (options.untilFailure && options.seed !== undefined) fail('--until-failure goes with --from and --seeds.');

// Whoever reads may have seen enough.
onOutputClosed(() => process.exit(0));

try {
  // What a command line that is wrong does not wait for.
  const [{ Templates }, { soakContext }] = await Promise.all([
    import('../proof/simulation/templates.ts'),
    import('../proof/soak/options.ts'),
  ]);
  process.env.CDK_VALIDATION ??= 'false';
  const templates = new Templates(ENVIRONMENT, soakContext(ENVIRONMENT));
  if (options.untilFailure) await untilFailure(templates);
  else if (options.seed === undefined) await series(templates);
  else await single(options.seed, templates);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function fail(message: string): never {
  console.error(`error: ${message}`);
  process.exit(1);
}

async function single(seed: string, templates: Templates): Promise<void> {
  const { simulate } = await import('../proof/simulation/simulate.ts');
  const report = await simulate({
    ...{ seed, events: options.events, environment: ENVIRONMENT },
    assembly: templates.for(seed, options.connector),
    ...(options.trace && { trace: (line: string) => console.log(line) }),
  });
  console.log(JSON.stringify(report, undefined, 2));
  if (problemsOf(report).length > 0) process.exitCode = 1;
}

async function series(templates: Templates): Promise<void> {
  const { runSeries } = await import('../proof/simulation/series.ts');
  const { Totals } = await import('../proof/simulation/totals.ts');
  const totals = new Totals();
  const seeds = Array.from({ length: options.seeds }, (_, index) => options.from + index);
  const startedAt = performance.now();
  const failed: (number | string)[] = [];
  let told = 0;
  const fail = (seed: number | string, problems: readonly string[]) => {
    failed.push(seed);
    for (const problem of problems) {
      told += 1;
      if (told <= MOST_TOLD) console.log(`seed ${seed}: ${problem}`);
    }
  };
  await runSeries({
    ...{ seeds, events: options.events, environment: ENVIRONMENT, templates },
    connector: options.connector,
    onReport(seed, report) {
      totals.add(report);
      const problems = problemsOf(report);
      if (problems.length > 0) fail(seed, problems);
    },
    onFailure: (seed, error) => fail(seed, [error]),
  });
  if (told > MOST_TOLD) console.log(`and ${told - MOST_TOLD} more`);
  if (failed.length > 0) console.log(`${failed.length} of ${seeds.length} seeds failed`);
  for (const line of totals.lines((performance.now() - startedAt) / 1000)) console.log(line);
  for (const line of totals.nothingHappened) console.log(`${line}: more --seeds or --events show more`);
  if (failed.length + totals.nothingHappened.length > 0) process.exitCode = 1;
  const [first] = failed;
  if (first === undefined) return;
  const { shortestFailing } = await import('../proof/simulation/shortest-failing.ts');
  const events = await shortestFailing({
    seed: first,
    events: options.events,
    environment: ENVIRONMENT,
    assembly: templates.for(first, options.connector),
  });
  const connector = options.connector === undefined ? '' : ` --connector ${options.connector}`;
  console.log(`Again: npm run simulate -- --seed ${first} --events ${events}${connector} --trace`);
}

/** In this thread, where hooks of the process hold. A run that throws has failed, too. */
async function untilFailure(templates: Templates): Promise<void> {
  const { simulate } = await import('../proof/simulation/simulate.ts');
  for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
    const assembly = templates.for(seed, options.connector);
    const [problem] = await simulate({ seed, events: options.events, environment: ENVIRONMENT, assembly })
      .then(problemsOf)
      .catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    if (problem === undefined) continue;
    console.log(`seed ${seed}: ${problem}`);
    process.exitCode = 1;
    return;
  }
}

/** What was violated, or never came. */
function problemsOf({ violations, undrained }: SimulationReport): readonly string[] {
  return [...violations, ...undrained.map((what) => `never came: ${what}`)];
}
