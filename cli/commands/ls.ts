import { type Command, Option } from 'commander';
import { readLotteries, runNow } from '../../client/lotteries.ts';
import { wholeNumber } from '../command-options.ts';
import { inOrder, lotteriesText } from '../status-text.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';

interface Options extends EnvironmentOptions {
  limit: number;
}

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
  else context.print(lotteriesText(lotteries, now));
  if (isCut) context.note(`There are more than these ${limit} lotteries: --limit`);
}
