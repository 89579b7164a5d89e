import type { Command } from 'commander';
import { look } from '../doctor/look.ts';
import { FailedError } from '../exit-codes.ts';
import { table } from '../table.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';

export function command(context: CommandContext): Command {
  return environmentCommand()
    .addHelpText('after', examples('doctor', 'doctor --env prod --json'))
    .action((options: EnvironmentOptions) => diagnose(context, options));
}

async function diagnose(context: CommandContext, { env, json }: EnvironmentOptions): Promise<void> {
  const { clock, signal } = context;
  const environment = await context.open(env);
  const findings = await look({ environment, clock, signal });
  const count = findings.filter(({ isWrong }) => isWrong).length;
  if (json) context.printJson({ at: clock.now(), environment: env, findings }, 2);
  else if (findings.length > 0) {
    const rows = findings.map(({ topic, text, isWrong }) => [isWrong ? 'wrong' : 'said', topic, text]);
    context.print(table(['', 'WHAT', ''], rows));
  }
  if (count > 0)
    throw new FailedError(`${env}: ${count === 1 ? 'one thing is' : `${count} things are`} wrong`);
  if (!json) context.print(`${env}: nothing is wrong`);
}
