import { execFileSync } from 'node:child_process';
import { Argument, Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { scriptOf, wordsOf } from '../../../cli/completion/scripts.ts';

const program = new Command('lottery');
program
  .command('ls')
  .description("list the game's lotteries")
  .option('--env <name>', 'which')
  .option('--json', 'JSON');
program
  .command('completion')
  .description('print it')
  .addArgument(new Argument('<shell>').choices(['bash', 'fish']));
const words = wordsOf(program, ['dev', 'prod']);

/** What bash offers for the last of these words. */
function offered(...typed: string[]): string[] {
  const call = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lottery; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const script = `${scriptOf('bash', words)}\n${call}`;
  return execFileSync('bash', ['--norc', '-c', script, 'bash', ...typed], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe('completion', () => {
  it('in bash offers subcommands, their options, environments, and what an argument may be', () => {
    expect(offered('lottery', '')).toEqual(['ls', 'completion']);
    expect(offered('lottery', 'l')).toEqual(['ls']);
    expect(offered('lottery', 'ls', '--')).toEqual(['--env', '--json', '--help']);
    expect(offered('lottery', 'ls', '--env', '')).toEqual(['dev', 'prod']);
    expect(offered('lottery', 'completion', '')).toEqual(['bash', 'fish', '--help']);
    expect(offered('lottery', 'nothing', '')).toEqual(['']);
  });

  it('in zsh and fish says what each is for, quotes and all', () => {
    const zsh = scriptOf('zsh', words);
    expect(zsh).toMatch(/^#compdef lottery\n/);
    expect(zsh).toContain(`'ls:list the game'"'"'s lotteries'`);
    expect(zsh).toContain(`ls) all=('--env:which' '--json:JSON' `);
    const fish = scriptOf('fish', words).split('\n');
    expect(fish).toContain(
      `complete -c lottery -n '__fish_seen_subcommand_from ls' -l env -d 'which' -x -a 'dev prod'`,
    );
    expect(fish).toContain(
      `complete -c lottery -n '__fish_seen_subcommand_from completion' -f -a 'bash fish'`,
    );
  });
});
