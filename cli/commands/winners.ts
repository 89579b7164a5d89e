import type { Command } from 'commander';
import type { OutputEvent } from '../../client/output-events.ts';
import { parseOutputEvent } from '../../client/output-events.ts';
import { readStream } from '../../client/read-stream.ts';
import { retentionOf } from '../../client/user-history.ts';
import { table } from '../table.ts';
import { timeIn } from '../time-argument.ts';
import { momentText } from '../times.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';

const stream = 'LotteryEventsOutput';

interface Options extends EnvironmentOptions {
  since?: string;
}

type Winner = Extract<OutputEvent, { type: 'LotteryWinnerEvent' }>;

export function command(context: CommandContext): Command {
  return environmentCommand()
    .argument('[lottery]', 'its id; without one: of all lotteries')
    .option(
      '--since <time>',
      'announced since, e.g. -2h or 2026-05-01T12:00:00Z; default: all that the stream has',
    )
    .addHelpText('after', examples('winners', 'winners promo --since -10m', 'winners promo --json'))
    .action((id: string | undefined, options: Options) => list(context, id, options));
}

async function list(context: CommandContext, text: string | undefined, options: Options): Promise<void> {
  const { clock, signal } = context;
  const id = text === undefined ? undefined : idOf('lottery', text);
  const since = options.since === undefined ? undefined : timeIn('--since', options.since, clock.now());
  const environment = await context.open(options.env);
  const winners = new Map<string, Winner>();
  const isWhole = await readStream(
    {
      ...{ environment, clock, signal, stream },
      ...(since !== undefined && { since: Math.min(since, clock.now()) }),
      ...(id !== undefined && { partitionKey: id.text }),
    },
    ({ data }) => {
      const event = parseOutputEvent(data);
      // After a crash a winner may be announced again, and it is the same one.
      if (event?.type === 'LotteryWinnerEvent') winners.set(event.drawId, event);
    },
  );
  const all = [...winners.values()].sort((left, right) => left.windowStart - right.windowStart);
  const retentionHours = await retentionOf(environment, stream);
  if (options.json) context.printJson({ winners: all, retentionHours, isWhole }, 2);
  else context.print(all.length === 0 ? 'No winner was announced' : tableOf(all, clock.now()));
  if (!isWhole) context.note('There is more on the stream than was read: --since');
  if (!options.json && since === undefined)
    context.note(
      `Winners that were announced more than ${retentionHours} h ago are not on the stream any more`,
    );
}

function tableOf(winners: readonly Winner[], now: number): string {
  return table(
    ['WINDOW (UTC)', 'LOTTERY', 'WINNER', 'ENTRIES', 'PRIZE', 'DRAW'],
    winners.map(({ windowStart, lotteryId, userId, entries, prize, drawId }) => [
      ...[momentText(windowStart, now), String(lotteryId), String(userId), entries, prize, drawId],
    ]),
  );
}
