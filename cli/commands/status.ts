import type { Command } from 'commander';
import type { Environment } from '../../client/environment/open.ts';
import { readLotteries, readRun, runNow } from '../../client/lotteries.ts';
import { readLottery, readPipeline } from '../../client/status/status.ts';
import { FailedError } from '../exit-codes.ts';
import { fitted } from '../fit.ts';
import { inOrder, lotteriesText, lotteryText, pipelineText } from '../status-text.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';
import { type Id, idOf } from './ids.ts';

/** How often it is looked anew, ms: a shard is read five times a second at most, by all. */
const WATCH_MS = 2_000;
const MOST_LOTTERIES = 200;

interface Options extends EnvironmentOptions {
  watch?: true;
}

export function command(context: CommandContext): Command {
  return environmentCommand()
    .argument('[lottery]', 'its id; without one: all lotteries, and how far the functions are')
    .option('--watch', 'again every two seconds, until Ctrl-C')
    .addHelpText('after', examples('status', 'status promo --watch', 'status promo --json'))
    .action((id: string | undefined, options: Options) => status(context, id, options));
}

async function status(context: CommandContext, text: string | undefined, options: Options): Promise<void> {
  const id = text === undefined ? undefined : idOf('lottery', text);
  const environment = await context.open(options.env);
  const { signal, clock, isTerminal } = context;
  do {
    const { json, said } = await look(context, environment, id);
    const isScreen = options.watch && isTerminal && !options.json;
    if (isScreen) context.clear();
    if (options.json) context.printJson(json, options.watch ? undefined : 2);
    else context.print(isScreen ? fitted(said, context.size ?? {}) : said);
    if (options.watch) await clock.sleep(WATCH_MS, signal);
  } while (options.watch && !signal.aborted);
}

/** Both forms of what is so now. @throws FailedError where there is no such lottery */
async function look(context: CommandContext, environment: Environment, id: Id | undefined) {
  const { clock, signal } = context;
  const options = { environment, clock, signal };
  const pipeline = await readPipeline(options);
  const at = clock.now();
  if (id === undefined) {
    const { runs, isCut } = await readLotteries(environment, { most: MOST_LOTTERIES, signal });
    const lotteries = runs.map((run) => runNow(run, at)).sort(inOrder);
    const json = { environment: environment.name, at, lotteries, isCut, ...pipeline };
    return { json, said: `${lotteriesText(lotteries, at)}\n\n${pipelineText(pipeline, at)}` };
  }
  const run = await readRun(environment, id.text, clock);
  if (run === undefined)
    throw new FailedError(`No lottery ${id.text} was ever started in ${environment.name}`);
  const lottery = await readLottery(options, run, pipeline);
  const json = { environment: environment.name, at, ...lottery, ...pipeline };
  return { json, said: `${lotteryText(lottery, clock.now())}\n\n${pipelineText(pipeline, at)}` };
}
