import { Command } from 'commander';
import type { Environment } from '../client/environment/open.ts';
import { systemClock } from '../local/clock.ts';
import type { CommandContext } from './commands/context.ts';
import { subcommands } from './commands/index.ts';
import { exitCodeOf, exitCodes, textOf } from './exit-codes.ts';
import type { TerminalSize } from './fit.ts';
import scripts from './scripts.json' with { type: 'json' };
import { printable, printableJson } from './start/describe.ts';

/** A stream that may be a terminal, as `process.stdout` is. */
export interface Output extends TerminalSize {
  write(text: string): unknown;
  isTTY?: boolean;
}

export interface LotteryOptions {
  stdout: Output;
  stderr: Output;
  /** Ends what waits or watches. */
  signal: AbortSignal;
  /** Where the files of local environments lie. Default: `.lottery` of the project. */
  directory?: string;
}

/** Runs a command line, without the name of the command. @returns the exit code */
export async function runLottery(argv: readonly string[], options: LotteryOptions): Promise<number> {
  const { stdout, stderr, signal } = options;
  const opened: Environment[] = [];
  const context = contextOf(options, opened);
  try {
    const program = await lotteryProgram(context, argv[0]);
    for (const command of [program, ...program.commands]) {
      command.exitOverride();
      command.configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
      });
    }
    await program.parseAsync([...argv], { from: 'user' });
    return signal.aborted ? exitCodes.interrupted : exitCodes.done;
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    // Commander has said what is wrong itself.
    if (!(error instanceof Error && error.name === 'CommanderError')) context.note(textOf(error));
    return exitCodeOf(error);
  } finally {
    for (const environment of opened) environment.close();
  }
}

/**
 * All subcommands by name and what they are for, and those that are needed in full.
 * @param name the one that is called; `all` loads every one
 */
export async function lotteryProgram(
  context: CommandContext,
  name: string | 'all' | undefined,
): Promise<Command> {
  const program = new Command('lottery')
    .description('Runs a game and watches it: on this machine (npm start) or deployed.')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', footer);
  for (const [each, { about, load }] of Object.entries(subcommands)) {
    if (each !== name && name !== 'all') {
      program.command(each).description(about);
      continue;
    }
    const { command } = await load();
    program.addCommand(
      command(context).name(each).description(about).helpOption('-h, --help', 'show this help'),
    );
  }
  for (const [each, { about }] of Object.entries(scripts)) program.command(each).description(about);
  return program;
}

const footer = `
lottery COMMAND --help says more, with examples. --env NAME is the environment that runs on this machine, if there is
one, else the deployed one, with the region and the credentials of the AWS SDK.

Exit code: 0 done; 1 it failed, or what was asked is not so; 2 wrong usage; 3 no such environment, or it cannot be
reached; 130 interrupted. Of verify, redrive, restore, cost, soak, simulate and run: as their --help says.`;

function contextOf(
  { stdout, stderr, signal, directory }: LotteryOptions,
  opened: Environment[],
): CommandContext {
  // Line by line: whatever a stranger has put on a stream must not drive the terminal.
  const safe = (text: string) => `${text.split('\n').map(printable).join('\n')}\n`;
  const note = (line: string) => void stderr.write(safe(line));
  return {
    ...{ signal, note, clock: systemClock },
    isTerminal: stdout.isTTY ?? false,
    print: (text) => void stdout.write(safe(text)),
    printJson: (value, indent) => void stdout.write(`${printableJson(value, indent)}\n`),
    clear: () => void stdout.write('\u001b[H\u001b[J'),
    size: stdout,
    async open(name) {
      const { openEnvironment } = await import('../client/environment/open.ts');
      const environment = await openEnvironment(name, {
        note,
        ...(directory !== undefined && { directory }),
      });
      opened.push(environment);
      return environment;
    },
  };
}
