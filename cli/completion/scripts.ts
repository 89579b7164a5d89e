import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What there is to complete. */
export interface Words {
  commands: readonly CommandWords[];
  /** After `--env`. */
  environments: readonly string[];
}

interface CommandWords {
  name: string;
  about: string;
  options: readonly { name: string; about: string; takesValue: boolean }[];
  /** Of its first argument. */
  choices: readonly string[];
}

/** @param program with all of its subcommands in full */
export function wordsOf(program: Command, environments: readonly string[]): Words {
  const commands = program.commands.map((command) => ({
    ...{ name: command.name(), about: command.description() },
    options: command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long, description, required, optional }) =>
        long ? [{ name: long, about: description, takesValue: required || optional }] : [],
      ),
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }));
  return { commands, environments };
}

/** A script that completes `lottery`: it has all words in it, so that a Tab starts nothing. */
export function scriptOf(shell: Shell, words: Words): string {
  switch (shell) {
    case 'bash':
      return bash(words);
    case 'zsh':
      return zsh(words);
    case 'fish':
      return fish(words);
    default:
      return shell satisfies never;
  }
}

/** Where a script has no word files are completed. */
function bash({ commands, environments }: Words): string {
  const cases = commands.map(({ name, options, choices }) => {
    const words = [...choices, ...options.map((option) => option.name)].join(' ');
    return `      ${name}) words=${quoted(words)} ;;`;
  });
  return `_lottery() {
  local words='' word=\${COMP_WORDS[COMP_CWORD]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${quoted(commands.map(({ name }) => name).join(' '))}
  elif [ "\${COMP_WORDS[COMP_CWORD-1]}" = --env ]; then
    words=${quoted(environments.join(' '))}
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _lottery lottery`;
}

function zsh({ commands, environments }: Words): string {
  const described = (name: string, about: string) => quoted(`${name.replaceAll(':', '\\:')}:${about}`);
  const cases = commands.map(({ name, options, choices }) => {
    const all = [
      ...choices.map((choice) => described(choice, '')),
      ...options.map((option) => described(option.name, option.about)),
    ];
    return `      ${name}) all=(${all.join(' ')}) ;;`;
  });
  return `#compdef lottery
_lottery() {
  local -a all
  if (( CURRENT == 2 )); then
    all=(${commands.map(({ name, about }) => described(name, about)).join(' ')})
  elif [[ \${words[CURRENT-1]} == --env ]]; then
    all=(${environments.map((name) => described(name, '')).join(' ')})
  else
    case \${words[2]} in
${cases.join('\n')}
    esac
  fi
  _describe -o lottery all || _files
}
compdef _lottery lottery`;
}

function fish({ commands, environments }: Words): string {
  const lines = commands.flatMap(({ name, about, options, choices }) => {
    const of = `complete -c lottery -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c lottery -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...(choices.length > 0 ? [`${of} -f -a ${quoted(choices.join(' '))}`] : []),
      ...options.map((option) => {
        const value = option.name === '--env' ? ` -x -a ${quoted(environments.join(' '))}` : ' -r';
        return `${of} -l ${option.name.slice(2)} -d ${quoted(option.about)}${option.takesValue ? value : ''}`;
      }),
    ];
  });
  return lines.join('\n');
}

/** For all three shells: in quotes nothing is special but the quote. */
function quoted(text: string): string {
  return `'${text.replace(/\s+/g, ' ').replaceAll("'", `'"'"'`)}'`;
}
