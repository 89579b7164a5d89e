import type { Command } from 'commander';
import { prizesPutOff, readRun } from '../../client/lotteries.ts';
import { processorNames } from '../../lambda/contract/variables.ts';
import { FailedError, UsageError } from '../exit-codes.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';
import { type StartEvent, startLottery } from './starting.ts';
import { type SwitchOptions, switchMappings } from './switching.ts';
import { waiting } from './waiting.ts';

export function command(context: CommandContext): Command {
  return waiting(environmentCommand())
    .argument('[function]', `one of ${processorNames.join(', ')}; without one: all`)
    .option(
      '--lottery <id>',
      'a lottery that was paused: a new run, with the prizes that the last one has left',
    )
    .addHelpText('after', examples('resume', 'resume ticks', 'resume --lottery promo'))
    .action((name: string | undefined, options: SwitchOptions) => resume(context, name, options));
}

async function resume(
  context: CommandContext,
  name: string | undefined,
  options: SwitchOptions,
): Promise<void> {
  if (options.lottery === undefined) return switchMappings(context, name, options, true);
  if (name !== undefined) throw new UsageError('Name a function or --lottery, not both');
  const id = idOf('lottery', options.lottery);
  const environment = await context.open(options.env);
  const run = await readRun(environment, id.text, context.clock);
  if (run === undefined) throw new FailedError(`No lottery ${id.text} was ever started in ${options.env}`);
  if (run.status !== 'ended')
    throw new FailedError(`Lottery ${id.text} has not ended: run ${run.run} is ${run.status}`);
  const prizes = prizesPutOff(run);
  if (run.prizes !== undefined && prizes.length === 0)
    throw new FailedError(
      `Run ${run.run} of lottery ${id.text} has no prizes left: lottery start begins another one`,
    );
  await startLottery(context, { environment, id, event: eventOf(id.wire, prizes) }, options);
}

function eventOf(lotteryId: number | string, prizes: readonly string[]): StartEvent {
  return { type: 'LotteryStartEvent', lotteryId, ...(prizes.length > 0 && { prizes }) };
}
