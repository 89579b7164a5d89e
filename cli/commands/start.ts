import type { Command } from 'commander';
import { putAndWait, putEvent } from '../../client/exchange.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { lotteryEventSchemas, maximumPrizeBytes, maximumPrizes } from '../../lambda/core/events.ts';
import { UsageError } from '../exit-codes.ts';
import { timeIn } from '../time-argument.ts';
import { countdown, timeOf } from '../times.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';
import { accepted, sayPut, toldIfNothingCame, type WaitingOptions, waiting } from './waiting.ts';

interface Options extends WaitingOptions {
  prize: readonly string[];
  at?: string;
}

type Started = Extract<OutputEvent, { type: 'LotteryStartedEvent' }>;

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
  const { clock, signal } = context;
  const id = idOf('lottery', text);
  const event = startEvent(id.wire, options, clock.now());
  const environment = await context.open(options.env);
  if (!options.wait) {
    const recordId = await putEvent({ environment, clock }, event);
    sayPut(context, recordId, options);
    return;
  }
  const timeoutMs = options.timeout * 1000;
  const by = clock.now() + timeoutMs;
  const arrived = await putAndWait(
    { environment, clock, signal },
    { channel: 'lottery', partitionKey: id.text, event, timeoutMs },
  ).catch(toldIfNothingCame(options.timeout));
  const started = accepted(arrived);
  if (started.type !== 'LotteryStartedEvent') return;
  const { firstWindowStart = 0 } = started;
  // One that opens tomorrow is waited for by nobody.
  if (firstWindowStart > clock.now() && firstWindowStart <= by)
    await clock.sleep(firstWindowStart - clock.now(), signal);
  if (options.json) context.printJson(started, 2);
  else context.print(said(started, clock.now()));
}

/** @throws UsageError that names the option */
function startEvent(lotteryId: number | string, { prize, at }: Options, now: number): object {
  const event = {
    ...{ type: 'LotteryStartEvent', lotteryId },
    ...(at !== undefined && { timestamp: timeIn('--at', at, now) }),
    ...(prize.length > 0 && { prizes: prize }),
  };
  if (lotteryEventSchemas.LotteryStartEvent.safeParse(event).success) return event;
  throw new UsageError(
    `--prize: at most ${maximumPrizes} prizes, of ${maximumPrizeBytes / 1024} KB in all and without half characters`,
  );
}

function said({ lotteryId, run, prizes, windowMs, firstWindowStart }: Started, now: number): string {
  const isAhead = firstWindowStart !== undefined && firstWindowStart > now;
  const opening = isAhead
    ? `opens in ${countdown(firstWindowStart - now)}, at ${new Date(firstWindowStart).toISOString()}`
    : 'is open';
  const last =
    prizes === undefined || firstWindowStart === undefined
      ? 'until it is stopped'
      : `${prizes.length} prizes, until ${timeOf(firstWindowStart + prizes.length * windowMs)} UTC`;
  return `Lottery ${lotteryId} ${opening}: run ${run}, a draw every ${countdown(windowMs)}, ${last}`;
}
