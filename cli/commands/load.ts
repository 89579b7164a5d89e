import { type Command, Option } from 'commander';
import type { Environment } from '../../client/environment/open.ts';
import { readRun, runNow } from '../../client/lotteries.ts';
import { maximumOfOneKey } from '../../lambda/batch/aggregated-records.ts';
import { idToWire } from '../../lambda/core/ids.ts';
import type { Clock } from '../../local/clock.ts';
import { wholeNumber } from '../command-options.ts';
import { confirm } from '../confirm.ts';
import { FailedError } from '../exit-codes.ts';
import { Load } from '../load/load.ts';
import { buyEvent, clickEvent, planOf } from '../load/players.ts';
import { type LoadReport, problemOf, reportText } from '../load/report.ts';
import { describe } from '../start/describe.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';
import { type Id, idOf } from './ids.ts';

const MOST_RATE = 10_000;
const MOST_USERS = 1_000_000;
const MOST_SECONDS = 3_600;
/** Of one user's events in a record so many are applied; the user may be a single one. */
const MOST_AGGREGATED = maximumOfOneKey;

interface Options extends EnvironmentOptions {
  rate: number;
  users: number;
  seconds: number;
  lottery?: string;
  timeout: number;
  aggregate: number;
  yes?: true;
}

export function command(context: CommandContext): Command {
  const bounded = (flags: string, text: string, most: number, usual: number) =>
    new Option(flags, `${text}, ${most.toLocaleString('en-US')} at most`)
      .argParser(wholeNumber(1, most))
      .default(usual);
  return environmentCommand()
    .addOption(bounded('--rate <number>', 'events a second, whatever comes of them', MOST_RATE, 10))
    .addOption(bounded('--users <number>', 'users who buy first and then click in turns', MOST_USERS, 100))
    .addOption(bounded('--seconds <number>', 'how long they click', MOST_SECONDS, 30))
    .option(
      '--lottery <id>',
      'click in this one, which runs, instead of one that is started and stopped again',
    )
    .addOption(bounded('--timeout <seconds>', 'how long the last outcomes may take', MOST_SECONDS, 60))
    .addOption(bounded('--aggregate <number>', 'events in one record', MOST_AGGREGATED, 1))
    .option('--yes', 'do not ask before an environment that is not on this machine')
    .addHelpText(
      'after',
      examples(
        'load --rate 100 --users 1000 --seconds 60',
        'load --lottery promo --json',
        'load --rate 5000 --aggregate 100',
      ),
    )
    .action((options: Options) => load(context, options));
}

async function load(context: CommandContext, options: Options): Promise<void> {
  const { clock, signal } = context;
  const given = options.lottery === undefined ? undefined : idOf('lottery', options.lottery);
  const environment = await context.open(options.env);
  if (given !== undefined) await takesClicks(environment, given, clock);
  await ask(environment, options, signal);
  const name = `load-${clock.now().toString(36)}`;
  const plan = planOf(options);
  context.note(
    `${plan.users} users, named ${name}-..., buy ${plan.coupons} coupons each; then ${plan.clicks} clicks`,
  );
  const players = new Load({
    environment,
    clock,
    signal,
    timeoutMs: options.timeout * 1000,
    aggregated: options.aggregate,
  });
  const report = await players.run(() => play(context, players, { ...options, ...plan, name }));
  if (options.json) context.printJson(report, 2);
  else context.print(reportText(report));
  const problem = problemOf(report);
  if (problem !== undefined) throw new FailedError(problem);
}

/** Before anybody buys for it. @throws FailedError */
async function takesClicks(environment: Environment, { text }: Id, clock: Clock): Promise<void> {
  const run = await readRun(environment, text, clock);
  if (run === undefined) throw new FailedError(`No lottery ${text} was ever started in ${environment.name}`);
  const { state } = runNow(run, clock.now());
  if (state !== 'open') throw new FailedError(`Lottery ${text} takes no clicks now: ${state}`);
}

/** It costs money there, and it is in the draws of whoever plays there. */
async function ask(
  environment: Environment,
  { yes, rate, seconds }: Options,
  signal: AbortSignal,
): Promise<void> {
  if (environment.isLocal || yes) return;
  const what = `This puts ${rate} events a second for ${seconds} s and more on ${environment.name} in ${environment.region}.`;
  await confirm(environment.name, what, { undone: 'Nothing was put', signal });
}

interface Play extends Options {
  name: string;
  coupons: number;
  clicks: number;
}

async function play(context: CommandContext, load: Load, options: Play): Promise<LoadReport> {
  const { name, rate, users, coupons, clicks: total, lottery } = options;
  const lotteryId = lottery ?? name;
  const event = (index: number) => buyEvent(name, index, coupons);
  const buys = await load.phase({ rate, total: users, event });
  const report = { environment: options.env, lotteryId: idToWire(lotteryId), users, buys };
  if (context.signal.aborted || told(context, buys)) return report;
  try {
    // Within: a start that has no outcome yet may still have one.
    if (lottery === undefined) await started(load, lotteryId, options.timeout);
    const clicks = await load.phase({
      ...{ rate, total },
      event: (index, now) => clickEvent({ name, users, lotteryId }, index, now),
    });
    told(context, clicks);
    return { ...report, clicks };
  } finally {
    // Also where nobody waited for its start: that comes before this on its shard.
    if (lottery === undefined) await load.send({ type: 'LotteryStopEvent', lotteryId, eventId: `${name}-x` });
  }
}

function told(context: CommandContext, { isCut }: { isCut: boolean }): boolean {
  if (isCut) context.note('Ended before its time: too many events have no outcome yet (lottery doctor)');
  return isCut;
}

/** @throws FailedError where it is not so in time */
async function started(load: Load, lotteryId: string, timeout: number): Promise<void> {
  const event = { type: 'LotteryStartEvent', lotteryId, eventId: `${lotteryId}-s` };
  const outcome = await load.send(event);
  if (outcome === undefined)
    throw new FailedError(`Lottery ${lotteryId} has not started within ${timeout} s`);
  if (outcome.type === 'EventRejectedEvent') throw new FailedError(describe(outcome, 0));
}
