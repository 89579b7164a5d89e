import { Argument, Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { scriptOf, wordsOf } from '../../../cli/completion/scripts.ts';
import { completedByZsh, hasShell, offeredByBash, offeredByFish } from './shells.ts';

const program = new Command('lottery');
program
  .command('ls')
  .description("list the game's lotteries")
  .option('--env <name>', 'which: one of two')
  .option('--limit <number>', 'how many')
  .option('--json', 'JSON');
program
  .command('completion')
  .description('print it')
  .addArgument(new Argument('<shell>').choices(['bash', 'fish']));
// A script of its own: its options are not known here.
program.command('verify').description('check a file');
const words = wordsOf(program, ['dev', 'prod']);

describe('completion in bash', () => {
  const offered = (...typed: string[]) => offeredByBash(scriptOf('bash', words), ...typed);

  it('offers subcommands, their options, environments, and what an argument may be', () => {
    expect(offered('lottery', '')).toEqual(['ls', 'completion', 'verify']);
    expect(offered('lottery', 'l')).toEqual(['ls']);
    expect(offered('lottery', 'ls', '--')).toEqual(['--env', '--limit', '--json', '--help']);
    expect(offered('lottery', 'ls', '--env', '')).toEqual(['dev', 'prod']);
    expect(offered('lottery', 'ls', '--env', '=')).toEqual(['dev', 'prod']);
    expect(offered('lottery', 'ls', '--env', '=', 'p')).toEqual(['prod']);
    expect(offered('lottery', 'completion', '')).toEqual(['bash', 'fish', '--help']);
    expect(offered('lottery', 'nothing', '')).toEqual(['']);
  });

  it('offers nothing where a file may be meant, or a value', () => {
    expect(offered('lottery', 'verify', '')).toEqual(['']);
    expect(offered('lottery', 'verify', '-')).toEqual(['--help']);
    expect(offered('lottery', 'ls', '--limit', '')).toEqual(['']);
  });
});

describe.runIf(hasShell('zsh'))('completion in zsh', () => {
  const script = scriptOf('zsh', words);
  const completed = {
    'lottery comp': 'lottery completion ',
    'lottery ls --j': 'lottery ls --json ',
    'lottery ls --env p': 'lottery ls --env prod ',
    'lottery ls --env=p': 'lottery ls --env=prod ',
    'lottery completion fi': 'lottery completion fish ',
    'lottery verify shel': 'lottery verify shells.ts ',
    'lottery ls shel': 'lottery ls shel',
    'lottery ls --limit shel': 'lottery ls --limit shel',
  };

  it.each(['source', 'fpath'] as const)('completes what is typed, from the first Tab on: %s', (how) => {
    expect(completedByZsh(script, how, Object.keys(completed))).toEqual(Object.values(completed));
  });
});

describe.runIf(hasShell('fish'))('completion in fish', () => {
  const offered = (line: string) => offeredByFish(scriptOf('fish', words), line).sort();

  it('offers subcommands, their options, environments, and what an argument may be', () => {
    expect(offered('lottery ')).toEqual(['completion', 'ls', 'verify']);
    expect(offered('lottery ls --')).toEqual(['--env', '--help', '--json', '--limit']);
    expect(offered('lottery ls --env ')).toEqual(['dev', 'prod']);
    expect(offered('lottery ls --env=p')).toEqual(['--env=prod']);
    expect(offered('lottery completion ')).toEqual(['bash', 'fish']);
    // A lottery may be called so.
    expect(offered('lottery completion ls --l')).toEqual(['']);
  });

  it('offers files where one may be meant', () => {
    expect(offered('lottery verify shel')).toEqual(['shells.ts']);
    expect(offered('lottery ls shel')).toEqual(['']);
    expect(offered('lottery ls --limit shel')).toEqual(['']);
  });
});

describe('completion scripts', () => {
  it('say what each word is for, quotes and all', () => {
    expect(scriptOf('zsh', words)).toContain(`'ls:list the game'"'"'s lotteries'`);
    expect(scriptOf('fish', words)).toContain(`-a ls -d 'list the game'"'"'s lotteries'`);
  });
});
