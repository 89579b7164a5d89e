import type { Command } from 'commander';
import { putEvent } from '../../client/exchange.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';
import { endedText, putStop, untilEnded } from './stopping.ts';
import { sayPut, type WaitingOptions, waiting } from './waiting.ts';

export function command(context: CommandContext): Command {
  return waiting(environmentCommand())
    .argument('<lottery>', 'its id')
    .addHelpText(
      'after',
      '\nThe window that it is stopped in is the last one, and takes clicks until it is over. Then the lottery ends, once all\n' +
        'its windows are drawn: --timeout counts from there.\n' +
        examples('stop promo', 'stop promo --no-wait'),
    )
    .action((id: string, options: WaitingOptions) => stop(context, id, options));
}

async function stop(context: CommandContext, text: string, options: WaitingOptions): Promise<void> {
  const id = idOf('lottery', text);
  const environment = await context.open(options.env);
  if (!options.wait) {
    const event = { type: 'LotteryStopEvent', lotteryId: id.wire };
    sayPut(context, await putEvent({ environment, clock: context.clock }, event), options);
    return;
  }
  const stopping = { environment, id, timeout: options.timeout };
  await putStop(context, stopping);
  const ended = await untilEnded(context, stopping);
  if (options.json) context.printJson(ended, 2);
  else context.print(endedText(ended));
}
