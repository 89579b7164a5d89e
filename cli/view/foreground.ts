import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const LINUX = '/proc/self/stat';

/** Whether a live run is shown as a view: on a terminal that can do it, unless lines are asked for. */
export function isForView({ json, plain, verbose }: { json?: true; plain?: true; verbose?: true }): boolean {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb';
  return !(json || plain || verbose) && isTerminal && isInForeground();
}

/**
 * Whether this process has its terminal to itself. One in the background (`npm start &`) is stopped as soon as it takes the
 * keys. Where that cannot be learnt it is taken for one in the foreground.
 */
function isInForeground(): boolean {
  if (existsSync(LINUX)) return isForegroundStat(readFileSync(LINUX, 'utf8'));
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(process.pid)], { encoding: 'utf8' });
  return !stdout || stdout.includes('+');
}

/** proc(5): behind the name, which is in brackets and may hold anything, the 3rd field is the process group's, the 6th the terminal's. */
export function isForegroundStat(stat: string): boolean {
  const [, , group, , , ofTerminal] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return group === ofTerminal;
}
