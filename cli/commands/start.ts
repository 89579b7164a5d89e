import type { Command } from 'commander';
import { lotteryEventSchemas, maximumPrizeBytes, maximumPrizes } from '../../lambda/core/events.ts';
import { UsageError } from '../exit-codes.ts';
import { timeIn } from '../time-argument.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';
import { type StartEvent, startLottery } from './starting.ts';
import { type WaitingOptions, waiting } from './waiting.ts';

interface Options extends WaitingOptions {
  prize: readonly string[];
  at?: string;
}

export function command(context: CommandContext): Command {
  return waiting(environmentCommand())
    .argument('<lottery>', 'its id')
    .option(
      '--prize <name>',
      'a prize; repeatable: one for each window, the lottery ends with the last',
      (prize: string, before: readonly string[]) => [...before, prize],
      [],
    )
    .option('--at <time>', 'when its first window is, e.g. 2026-05-01T12:00:00Z or +10m; default: now')
    .addHelpText('after', examples('start promo --prize car --prize bike', 'start 7 --at +1h'))
    .action((id: string, options: Options) => start(context, id, options));
}

async function start(context: CommandContext, text: string, options: Options): Promise<void> {
  const id = idOf('lottery', text);
  const event = startEvent(id.wire, options, context.clock.now());
  const environment = await context.open(options.env);
  await startLottery(context, { environment, id, event }, options);
}

/** @throws UsageError that names the option */
function startEvent(lotteryId: number | string, { prize, at }: Options, now: number): StartEvent {
  const event: StartEvent = {
    ...{ type: 'LotteryStartEvent', lotteryId },
    ...(at !== undefined && { timestamp: timeIn('--at', at, now) }),
    ...(prize.length > 0 && { prizes: prize }),
  };
  if (lotteryEventSchemas.LotteryStartEvent.safeParse(event).success) return event;
  throw new UsageError(
    `--prize: at most ${maximumPrizes} prizes, of ${maximumPrizeBytes / 1024} KB in all and without half characters`,
  );
}
