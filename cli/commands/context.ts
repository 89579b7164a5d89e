import { Command } from 'commander';
import type { Environment } from '../../client/environment/open.ts';
import type { Clock } from '../../local/clock.ts';
import type { TerminalSize } from '../fit.ts';

/** What a subcommand works with. */
export interface CommandContext {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Whether stdout is one. */
  readonly isTerminal: boolean;
  /** Lines on stdout, safe for a terminal whatever is in them. */
  print(text: string): void;
  /** On stdout, in one line unless it is indented. */
  printJson(value: unknown, indent?: number): void;
  /** A line on stderr: a problem, or what is beside the point. */
  note(line: string): void;
  /** A terminal is emptied. */
  clear(): void;
  /** Of a terminal, as it is at the time. */
  readonly size?: TerminalSize;
  /** The environment of that name; it is closed when the command ends. @throws EnvironmentError */
  open(name: string): Promise<Environment>;
}

/** The options that every subcommand of an environment has. */
export interface EnvironmentOptions {
  env: string;
  json?: true;
}

/** A subcommand of an environment; its name and what it is for are in index.ts. */
export function environmentCommand(): Command {
  return new Command()
    .option('--env <name>', 'the environment: the one on this machine, else the deployed one', 'dev')
    .option('--json', 'print JSON');
}

/** Below the options in a subcommand's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  lottery ${line}`).join('\n')}`;
}
