/**
 * `npm run soak`: the pipeline under faults, then an audit. A JSON report on stdout, progress on stderr.
 * Exit code 0: nothing violated; 1: something is, or was not drained in time, or the run failed.
 */
import { Command } from 'commander';
import { passed, type SoakReport } from '../proof/soak/report.ts';
import { onOutputClosed } from './closed-output.ts';
import { contextOption, kafkaOption, problemOf, wholeNumber } from './command-options.ts';

interface Options {
  seconds: number;
  players: number;
  rate: number;
  faults: string;
  env: string;
  drainSeconds: number;
  context: Readonly<Record<string, string>>;
  kafka?: string;
}

/** Synthesis and start, the audit, and stopping: what comes beside playing and draining, in seconds. */
const ALLOWANCE_SECONDS = 120;
/** How long an orderly end may take. */
const STOPPING_SECONDS = 15;
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;

const command = new Command('npm run soak --')
  .description(
    'Runs the pipeline with simulated players under faults that a seed chooses, lets it drain, and audits ' +
      'balances, draws and outcomes. docs/faults.md says what is done to it.',
  )
  .option('--seconds <number>', 'how long the players play (1 to 3600)', wholeNumber(1, 3_600), 60)
  .option('--players <number>', 'how many users (1 to 100000)', wholeNumber(1, 100_000), 200)
  .option('--rate <number>', 'events per second of all players (1 to 5000)', wholeNumber(1, 5_000), 100)
  .option('--faults <seed>', 'the seed of faults and events', '1')
  .option('--drain-seconds <number>', 'how long draining may take', wholeNumber(1, 3_600), 120)
  .option('--env <name>', 'the environment of the app', 'dev')
  .addOption(contextOption())
  .addOption(kafkaOption())
  .helpOption('-h, --help', 'show this help')
  .parse(process.argv);
const options = command.opts<Options>();
const problem = problemOf(options.env, options.context, options.kafka);
if (problem !== undefined) command.error(problem);

const deadlineSeconds = options.seconds + options.drainSeconds + ALLOWANCE_SECONDS;
const ending = new AbortController();
let exitCode = EXIT_FAILED;

/** Ends the run in good order; at the second call, or when that takes too long, at once. */
function giveUp(why: string, code: number): void {
  if (ending.signal.aborted) process.exit(code);
  exitCode = code;
  setTimeout(() => process.exit(code), STOPPING_SECONDS * 1000).unref();
  ending.abort(new Error(why));
}

// A soak never hangs, whatever does.
setTimeout(
  () => giveUp(`Not finished after ${deadlineSeconds} s: given up`, EXIT_FAILED),
  deadlineSeconds * 1000,
).unref();

onOutputClosed(() => giveUp('Nobody reads the report any more', 0));
process.on('SIGINT', () => giveUp('Interrupted', EXIT_INTERRUPTED));
process.on('SIGTERM', () => giveUp('Interrupted', EXIT_INTERRUPTED));

try {
  // What a command line that is wrong does not wait for.
  const { runSoak } = await import('../proof/soak/soak.ts');
  const report = await runSoak({
    environment: options.env,
    seconds: options.seconds,
    players: options.players,
    rate: options.rate,
    seed: options.faults,
    drainSeconds: options.drainSeconds,
    context: options.context,
    ...(options.kafka !== undefined && { kafka: options.kafka }),
    command: commandLine(),
    onProgress: (line) => console.error(line),
    signal: ending.signal,
  });
  console.log(JSON.stringify(report, undefined, 2));
  console.error(verdict(report));
  if (!passed(report)) process.exitCode = EXIT_FAILED;
} catch (error) {
  if (exitCode !== 0) console.error(describe(ending.signal.aborted ? ending.signal.reason : error));
  process.exitCode = exitCode;
}

/** Where somebody gave up, the place is of no interest. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ending.signal.aborted ? error.message : (error.stack ?? error.message);
}

function verdict(report: SoakReport): string {
  const { faults, draws, events, drainMs, undrained, violations, seed } = report;
  const what = `${events} events, ${draws} draws, ${faults.total} faults of ${faults.kinds} kinds, drained in ${drainMs} ms`;
  if (passed(report)) return `ok: seed ${seed}: ${what}, no violations`;
  return `FAILED: seed ${seed}: ${what}; not drained: ${undrained.length}, violations: ${violations.length}; again: ${report.command}`;
}

function commandLine(): string {
  const { seconds, players, rate, faults, env, drainSeconds, context, kafka } = options;
  const settings = Object.entries(context).map(([key, value]) => ` -c ${key}=${value}`);
  return (
    `npm run soak -- --seconds ${seconds} --players ${players} --rate ${rate} --faults ${faults}` +
    ` --drain-seconds ${drainSeconds} --env ${env}${settings.join('')}${kafka === undefined ? '' : ` --kafka ${kafka}`}`
  );
}
