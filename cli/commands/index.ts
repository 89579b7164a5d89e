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
  ls: { about: 'list the lotteries', load: () => import('./ls.ts') },
};
