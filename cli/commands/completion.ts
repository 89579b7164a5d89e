import { Argument, Command } from 'commander';
import { environments } from '../../lib/environments.ts';
import { type Shell, scriptOf, shells, wordsOf } from '../completion/scripts.ts';
import { lotteryProgram } from '../program.ts';
import { type CommandContext, examples } from './context.ts';

export function command(context: CommandContext): Command {
  return new Command()
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      examples('completion bash > ~/.lottery-completion.bash', 'completion fish | source'),
    )
    .action((shell: Shell) => print(context, shell));
}

async function print(context: CommandContext, shell: Shell): Promise<void> {
  const words = wordsOf(await lotteryProgram(context, 'all'), Object.keys(environments));
  context.print(scriptOf(shell, words));
}
