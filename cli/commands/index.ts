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
  start: { about: 'start a lottery, and wait until it is open', load: () => import('./start.ts') },
  stop: { about: 'stop a lottery, and wait until it has ended', load: () => import('./stop.ts') },
  buy: { about: 'buy coupons for a user', load: () => import('./buy.ts') },
  click: { about: 'spend a coupon of a user on a lottery', load: () => import('./click.ts') },
  put: {
    about: 'put records from a file or standard input, and say what becomes of each event',
    load: () => import('./put.ts'),
  },
  grant: {
    about: 'give a user coupons, with a reason that everybody can read',
    load: () => import('./grant.ts'),
  },
  ls: { about: 'list the lotteries', load: () => import('./ls.ts') },
  status: {
    about: 'say how a lottery stands, how far the functions are, and what draws wait for',
    load: () => import('./status.ts'),
  },
  user: { about: "say a user's balance, and what became of their events", load: () => import('./user.ts') },
  winners: { about: 'list winners', load: () => import('./winners.ts') },
  tail: { about: 'follow what comes out', load: () => import('./tail.ts') },
  pause: {
    about: "disable functions' mappings, or put a lottery's windows off",
    load: () => import('./pause.ts'),
  },
  resume: {
    about: 'have functions, or a lottery that was put off, go on',
    load: () => import('./resume.ts'),
  },
  load: { about: 'play with many users at a rate, and measure', load: () => import('./load.ts') },
  export: {
    about: 'write the events and sheets of draws into a directory, for verify',
    load: () => import('./export.ts'),
  },
  doctor: { about: 'say what is wrong, in order of weight', load: () => import('./doctor.ts') },
  completion: {
    about: 'print a script that completes this command in a shell',
    load: () => import('./completion.ts'),
  },
};
