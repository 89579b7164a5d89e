import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the shell is on this machine; where it is not a line says so. */
export function hasShell(shell: string): boolean {
  const isHere = spawnSync(shell, ['--version']).status === 0;
  if (!isHere) process.stderr.write(`There is no ${shell} here: its completion is not tried\n`);
  return isHere;
}

/** What bash's function offers for the last of these words, as bash has split them. */
export function offeredByBash(script: string, ...typed: string[]): string[] {
  const call = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lottery; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return linesOf(execFileSync('bash', ['--norc', '-c', `${script}\n${call}`, 'bash', ...typed], utf8));
}

/** What fish offers behind a command line. */
export function offeredByFish(script: string, line: string): string[] {
  const call = 'string split0 $argv[1] | source; complete -C $argv[2] | string split -f 1 \\t; true';
  return linesOf(
    execFileSync('fish', ['--no-config', '-c', call, script, line], { ...utf8, cwd: import.meta.dirname }),
  );
}

const utf8 = { encoding: 'utf8' } as const;

function linesOf(output: string): string[] {
  return output.trim().split('\n');
}

/**
 * What a Tab makes of each line in a zsh that somebody types into: where one word fits it is completed.
 * @param how the script gets there: by `source`, or from a directory of `fpath`, where the first Tab loads it
 */
export function completedByZsh(script: string, how: 'source' | 'fpath', lines: readonly string[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'completion-'));
  try {
    writeFileSync(join(directory, '_lottery'), `${script}\n`);
    const file = join(directory, 'typed.zsh');
    writeFileSync(file, typing);
    const parameters = ['-f', file, directory, how, ...lines];
    const cwd = import.meta.dirname;
    return linesOf(execFileSync('zsh', parameters, { ...utf8, cwd, timeout: 120_000 }));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Types each line into a zsh of its own terminal, Ctrl-X behind it, and waits until what came of it is in a file. */
const typing = `
zmodload zsh/zpty zsh/zselect
directory=$1 how=$2; shift 2
cat > $directory/set-up <<'END'
autoload -U compinit
if [[ $how == fpath ]] fpath=($directory $fpath)
compinit -u -D
if [[ $how == source ]] source $directory/_lottery
say() { zle complete-word; print -r -- $BUFFER >> $directory/said; BUFFER= }
zle -N say
bindkey '^X' say
KEYTIMEOUT=1
print ready >> $directory/said
END
: > $directory/said
wait_for() { while (( $(wc -l < $directory/said) < $1 )) zselect -t 5 }
zpty -b shell "TERM=dumb directory=$directory how=$how zsh -f -i"
zpty -w shell "source $directory/set-up"
wait_for 1
count=1
for line in "$@"; do
  zpty -w -n shell $line$'\\x18'
  (( count += 1 ))
  wait_for $count
done
zpty -d shell
tail -n +2 $directory/said
`;
