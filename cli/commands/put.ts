import { type Command, Option } from 'commander';
import { Puts } from '../../client/puts.ts';
import { FailedError, UsageError } from '../exit-codes.ts';
import { openInput, STANDARD_INPUT } from '../input.ts';
import { putLine, recordsInLines } from '../put-lines.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { lineOf, type WaitingOptions, waiting } from './waiting.ts';

interface Options extends WaitingOptions {
  base64?: true;
  stream?: 'user' | 'lottery';
  key?: string;
}

export function command(context: CommandContext): Command {
  return waiting(environmentCommand())
    .argument('[file]', 'one record a line; none, or -: standard input', STANDARD_INPUT)
    .option('--base64', 'lines are bytes in base64, also of aggregated records, and not events as JSON')
    .addOption(
      new Option('--stream <name>', 'the input that bytes go to, else user').choices(['user', 'lottery']),
    )
    .option('--key <text>', 'the partition key of bytes; else one of their own for each')
    .addHelpText(
      'after',
      `${examples('put events.jsonl', 'put --base64 --json < records.txt')}

Prints the outcome of each event, as they come. Exit code 1: one has not come in time, or there is no record; a rejection is
an outcome.`,
    )
    .action((file: string, options: Options) => put(context, file, options));
}

function nameOf(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : file;
}

async function put(context: CommandContext, file: string, options: Options): Promise<void> {
  const { base64, stream, key, timeout, wait, json } = options;
  if (!base64 && (stream !== undefined || key !== undefined))
    throw new UsageError(
      '--stream and --key are for --base64: of an event in JSON its type and its id decide both',
    );
  const { clock, signal } = context;
  const environment = await context.open(options.env);
  const puts = new Puts({
    ...{ environment, clock, signal },
    onOutcome(event, arrival) {
      if (json) context.printJson(event);
      else context.print(lineOf({ event, arrival }));
    },
  });
  const lineTo = base64 ? (line: Buffer) => putLine(line, { stream: stream ?? 'user', key }) : undefined;
  const records = recordsInLines(await openInput(file), lineTo);
  const { put: count, missing } = await puts.run(records, wait ? timeout * 1000 : undefined);
  // What made them has failed, most often, and said so elsewhere.
  if (count === 0 && !signal.aborted) throw new FailedError(`There is no record in ${nameOf(file)}`);
  const said = count === 1 ? '1 event was put' : `${count} events were put`;
  context.note(wait ? said : `${said}; nobody waits for their outcomes`);
  if (missing > 0 && !signal.aborted)
    throw new FailedError(
      `${missing} of them have no outcome within ${timeout} s: lottery status says what is behind`,
    );
}
