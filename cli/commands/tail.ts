import type { Command } from 'commander';
import { outerOf } from '../../client/environment/output.ts';
import { Follower } from '../../client/follower.ts';
import { type OutputEvent, parseOutputEvent } from '../../client/output-events.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import { clockTime, describeForeign, printable } from '../start/describe.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';
import { lineOf } from './waiting.ts';

interface Options extends EnvironmentOptions {
  winners?: true;
  rejected?: true;
  user?: string;
  lottery?: string;
}

export function command(context: CommandContext): Command {
  return environmentCommand()
    .option('--winners', 'only winners (with --rejected: or rejections)')
    .option('--rejected', 'only rejections')
    .option('--user <id>', 'only what is of this user')
    .option('--lottery <id>', 'only what is of this lottery')
    .addHelpText(
      'after',
      '\nWhat comes from now on, at least once each, until Ctrl-C. With --json each event as it came out, in a line.\n' +
        examples('tail', 'tail --winners', 'tail --rejected --user 7', 'tail --lottery promo --json'),
    )
    .action((options: Options) => tail(context, options));
}

async function tail(context: CommandContext, options: Options): Promise<void> {
  const { clock, signal } = context;
  const isWanted = filterOf(options);
  const environment = await context.open(options.env);
  const streams = ['LotteryEventsOutput', 'UserEventsOutput'] as const;
  const follower = new Follower({
    ...{ outer: environment.streams, clock, from: 'latest' as const },
    streams: streams.map((stream) => outerOf(environment, stream)),
    onRecord: (record) => show(record),
  });
  await follower.begin();
  if (!options.json && context.isTerminal) context.note(`Following ${options.env}, until Ctrl-C`);
  await follower.run(signal);

  function show({ data, arrival }: StreamRecord): void {
    const event = parseOutputEvent(data);
    if (event === undefined) {
      context.note(printable(describeForeign(data)));
    } else if (isWanted(event)) {
      if (options.json) context.printJson(event);
      else context.print(`${clockTime(arrival)}  ${lineOf({ event, arrival })}`);
    }
  }
}

/** @throws UsageError for what can be no id */
export function filterOf({
  winners,
  rejected,
  user,
  lottery,
}: Omit<Options, 'env'>): (event: OutputEvent) => boolean {
  const types = [...(winners ? ['LotteryWinnerEvent'] : []), ...(rejected ? ['EventRejectedEvent'] : [])];
  const userId = user === undefined ? undefined : idOf('user', user).wire;
  const lotteryId = lottery === undefined ? undefined : idOf('lottery', lottery).wire;
  return (event) => {
    const isOfType = types.length === 0 || types.includes(event.type);
    return isOfType && isOf(event, 'userId', userId) && isOf(event, 'lotteryId', lotteryId);
  };
}

/** Of a rejection by the event as it was sent, which may name the id as a text. */
function isOf(event: OutputEvent, field: 'userId' | 'lotteryId', id: number | string | undefined): boolean {
  if (id === undefined) return true;
  const of: Readonly<Record<string, unknown>> =
    event.type === 'EventRejectedEvent' ? (event.event ?? {}) : event;
  return of[field] === id || of[field] === String(id);
}
