import { type Command, Option } from 'commander';
import { type RunNow, readLotteries, runNow } from '../../client/lotteries.ts';
import { wholeNumber } from '../command-options.ts';
import { table } from '../table.ts';
import { countdown, windowText } from '../times.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';

interface Options extends EnvironmentOptions {
  limit: number;
}

const order = { open: 0, opens: 1, ending: 2, ended: 3 } as const;

export function command(context: CommandContext): Command {
  return environmentCommand()
    .addOption(
      new Option('--limit <number>', 'read so many lotteries at most')
        .argParser(wholeNumber(1, 100_000))
        .default(1_000),
    )
    .addHelpText('after', examples('ls', 'ls --env prod --json'))
    .action((options: Options) => list(context, options));
}

async function list(context: CommandContext, { env, json, limit }: Options): Promise<void> {
  const { signal, clock } = context;
  const environment = await context.open(env);
  const { runs, isCut } = await readLotteries(environment, { most: limit, signal });
  const now = clock.now();
  const lotteries = runs.map((run) => runNow(run, now)).sort(inOrder);
  if (json) context.printJson({ at: now, lotteries, isCut }, 2);
  else if (lotteries.length === 0) context.print(`No lottery was ever started in ${env}: lottery start ID`);
  else context.print(tableOf(lotteries, now));
  if (isCut) context.note(`There are more than these ${limit} lotteries: --limit`);
}

function inOrder(left: RunNow, right: RunNow): number {
  const byState = order[left.state] - order[right.state];
  if (byState !== 0) return byState;
  return String(left.lotteryId).localeCompare(String(right.lotteryId), 'en', { numeric: true });
}

function tableOf(lotteries: readonly RunNow[], now: number): string {
  return table(
    ['LOTTERY', 'RUN', 'STATE', 'WINDOW (UTC)', 'ENDS IN', 'PRIZES LEFT'],
    lotteries.map(({ lotteryId, run, state, windowStart, windowEnd, prizesLeft }) => [
      String(lotteryId),
      run,
      state,
      windowText(windowStart, windowEnd, now),
      windowEnd === undefined || state === 'opens' ? undefined : countdown(windowEnd - now),
      prizesLeft === undefined ? 'no prizes' : String(prizesLeft.length),
    ]),
  );
}
