import type { Command } from 'commander';
import scripts from '../scripts.json' with { type: 'json' };

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
  /** Whether files may be meant: they are completed where no option is begun. */
  takesFiles: boolean;
}

/** @param program with all of its subcommands in full */
export function wordsOf(program: Command, environments: readonly string[]): Words {
  const commands = program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    return {
      ...{ name: command.name(), about: command.description() },
      options: command
        .createHelp()
        .visibleOptions(command)
        .flatMap(({ long, description, required, optional }) =>
          long ? [{ name: long, about: description, takesValue: required || optional }] : [],
        ),
      choices: argument?.argChoices ?? [],
      takesFiles: Object.hasOwn(scripts, command.name()) || argument?.name() === 'directory',
    };
  });
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

/** Where a script has no word files are completed. To bash `--env=dev` is three words. */
function bash({ commands, environments }: Words): string {
  const cases = commands.map(({ name, options, choices, takesFiles }) => {
    const names = options.map((option) => option.name).join(' ');
    const others = [...choices, ...(takesFiles ? [] : [names])].join(' ');
    return `      ${name}) options=${quoted(names)} others=${quoted(others)} valued=${quoted(valuedOf(options))} ;;`;
  });
  return `_lottery() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words='' options='' others='' valued=''
  if [ "$word" = = ]; then word=''; fi
  if [ "$before" = = ]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${quoted(commands.map(({ name }) => name).join(' '))}
  elif [ "$before" = --env ]; then
    words=${quoted(environments.join(' '))}
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
    case "$word" in
      -*) words=$options ;;
      *) words=$others ;;
    esac
    case " $valued " in
      *" $before "*) words='' ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _lottery lottery`;
}

/** In a file of `fpath` it is the function's own body, else it is sourced. */
function zsh({ commands, environments }: Words): string {
  const described = (name: string, about: string) => quoted(`${name.replaceAll(':', '\\:')}:${about}`);
  const cases = commands.map(({ name, options, choices, takesFiles }) => {
    const names = options.map((option) => described(option.name, option.about)).join(' ');
    const others = choices.map((choice) => quoted(choice)).join(' ');
    return `    ${name}) options=(${names}) others=(${others}) valued=(${valuedOf(options)}) files=${Number(takesFiles)} ;;`;
  });
  return `#compdef lottery
_lottery() {
  local -a options others valued
  local files=0
  if (( CURRENT == 2 )); then
    others=(${commands.map(({ name, about }) => described(name, about)).join(' ')})
    _describe -t commands command others
    return
  fi
  if compset -P '--env=' || [[ \${words[CURRENT-1]} == --env ]]; then
    others=(${environments.join(' ')})
    _describe -t environments environment others
    return
  fi
  case \${words[2]} in
${cases.join('\n')}
  esac
  if (( \${valued[(Ie)\${words[CURRENT-1]}]} )); then
    _message value
  elif [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option options
  elif (( \${#others} )); then
    _describe -t arguments argument others
  elif (( files )); then
    _files
  else
    _message argument
  fi
}
if [[ \${funcstack[1]} == _lottery ]]; then
  _lottery "$@"
else
  compdef _lottery lottery
fi`;
}

/** The second word is the subcommand: an id may have the name of another one. */
function fish({ commands, environments }: Words): string {
  const lines = commands.flatMap(({ name, about, options, choices, takesFiles }) => {
    const of = `complete -c lottery -n ${quoted(`__lottery_is ${name}`)}`;
    return [
      `complete -c lottery -n __lottery_is -f -a ${name} -d ${quoted(about)}`,
      ...(takesFiles ? [] : [`${of} -f`]),
      ...(choices.length > 0 ? [`${of} -a ${quoted(choices.join(' '))}`] : []),
      ...options.map((option) => {
        const value = option.name === '--env' ? ` -x -a ${quoted(environments.join(' '))}` : ' -x';
        return `${of} -l ${option.name.slice(2)} -d ${quoted(option.about)}${option.takesValue ? value : ''}`;
      }),
    ];
  });
  return `function __lottery_is
  set -l words (commandline -opc)
  test "$words[2]" = "$argv[1]"
end
${lines.join('\n')}`;
}

function valuedOf(options: CommandWords['options']): string {
  return options.flatMap(({ name, takesValue }) => (takesValue ? [name] : [])).join(' ');
}

/** For all three shells: in quotes nothing is special but the quote. */
function quoted(text: string): string {
  return `'${text.replace(/\s+/g, ' ').replaceAll("'", `'"'"'`)}'`;
}
