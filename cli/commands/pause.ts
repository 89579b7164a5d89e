import type { Command } from 'commander';
import { putEvent } from '../../client/exchange.ts';
import { readRun } from '../../client/lotteries.ts';
import { processorNames } from '../../lambda/contract/variables.ts';
import { FailedError, UsageError } from '../exit-codes.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';
import { endedText, putStop, untilEnded } from './stopping.ts';
import { type SwitchOptions, switchMappings } from './switching.ts';
import { sayPut, waiting } from './waiting.ts';

export function command(context: CommandContext): Command {
  return waiting(environmentCommand())
    .argument('[function]', `one of ${processorNames.join(', ')}; without one: all`)
    .option('--lottery <id>', 'a lottery alone: it is stopped, and its other prizes are kept for resume')
    .addHelpText(
      'after',
      "\nA function's events wait on its stream or queue, and nothing is lost within their retention; draws of all lotteries wait.\n" +
        'A lottery that is paused rejects clicks as LOTTERY_INACTIVE, and their coupons stay.\n' +
        examples('pause', 'pause ticks', 'pause --lottery promo'),
    )
    .action((name: string | undefined, options: SwitchOptions) => pause(context, name, options));
}

async function pause(
  context: CommandContext,
  name: string | undefined,
  options: SwitchOptions,
): Promise<void> {
  if (options.lottery === undefined) return switchMappings(context, name, options, false);
  if (name !== undefined) throw new UsageError('Name a function or --lottery, not both');
  const id = idOf('lottery', options.lottery);
  const environment = await context.open(options.env);
  const { clock } = context;
  const run = await readRun(environment, id.text, clock);
  if (run === undefined || run.status === 'ended') throw new FailedError(`Lottery ${id.text} is not running`);
  const stopping = { environment, id, timeout: options.timeout };
  // One that was interrupted goes on where it was.
  if (run.status === 'active' && !options.wait) {
    const event = { type: 'LotteryStopEvent', lotteryId: id.wire };
    sayPut(context, await putEvent({ environment, clock }, event), options);
    return;
  }
  if (run.status === 'active') await putStop(context, stopping);
  const ended = await untilEnded(context, stopping);
  if (options.json) context.printJson(ended, 2);
  else context.print(`${endedText(ended)}. To go on: lottery resume --lottery ${id.text}`);
}
