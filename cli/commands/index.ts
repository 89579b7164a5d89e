import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

export interface Subcommand {
  /** What it is for, in a few words. */
  readonly about: string;
  /** Its file, loaded only when it is called. */
  load(): Promise<{ command(context: CommandContext): Command }>;
}

/** By name, in the order of the help. */
export const subcommands: Readonly<Record<string, Subcommand>> = {
  ls: { about: 'list the lotteries', load: () => import('./ls.ts') },
  load: { about: 'play with many users at a rate, and measure', load: () => import('./load.ts') },
  doctor: { about: 'say what is wrong, in order of weight', load: () => import('./doctor.ts') },
  completion: {
    about: 'print a script that completes this command in a shell',
    load: () => import('./completion.ts'),
  },
};
