/**
 * `npm run restore`: all tables of an environment, back to one instant.
 * Exit code 0: done, or a dry run that nothing stands against; 1: refused, not confirmed, or it failed half-way.
 */
import { setTimeout } from 'node:timers/promises';
import { confirm } from './confirm.ts';
import { restoreClients } from './restore/clients.ts';
import { type RestoreOptions, restoreCommand, sourceOf } from './restore/options.ts';
import { prepareRestore, type RestoreContext, restore } from './restore/restore.ts';
import type { RestoreSource } from './restore/source.ts';
import { takeBackup } from './restore/take-backup.ts';

const options = restoreCommand().parse(process.argv).opts<RestoreOptions>();

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const context = {
    clients: restoreClients(),
    say: (line: string) => console.log(line),
    sleep: (ms: number) => setTimeout(ms),
    now: () => new Date(),
  };
  if (options.takeBackup) {
    await backUp(context);
    return;
  }
  const choices = { ...options, source: sourceOf(options) };
  const prepared = await prepareRestore(options.env, choices, context);
  for (const line of [await where(context.clients.dynamodb.config.region()), ...prepared.plan.lines]) {
    console.log(line);
  }
  if (options.dryRun || prepared.plan.refusals.length > 0) {
    for (const refusal of prepared.plan.refusals) console.error(`Refused: ${refusal}`);
    if (prepared.plan.refusals.length > 0) process.exitCode = 1;
    if (options.dryRun) console.log('\nA dry run: nothing was changed');
    return;
  }
  await ask(`This empties the tables of ${options.env}.`);
  await restore(prepared, choices, context);
  console.log(`\n${options.env} is restored. Its mappings are disabled${nextOf(choices.source)}`);
}

/** Whatever comes of it: who pauses an environment must not forget it. */
async function backUp(context: RestoreContext): Promise<void> {
  if (options.disableMappings) await ask(`This pauses ${options.env}.`);
  const sayPaused = () => {
    console.log(
      `\nThe mappings of ${options.env} are disabled: enable ticks and draw, then the inputs.\n` +
        'docs/runbook.md, "Pause and resume"',
    );
  };
  const interrupted = () => {
    if (options.disableMappings) sayPaused();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    const set = await takeBackup(options.env, options, context);
    console.log(
      `All tables of ${options.env} are backed up. To restore them one day:\n` +
        `npm run restore -- --env ${options.env} --backups ${set}`,
    );
    if (!options.disableMappings) sayPaused();
  } finally {
    process.off('SIGINT', interrupted);
    if (options.disableMappings) sayPaused();
  }
}

/** New streams have new mappings, which have passed over nothing. */
function nextOf({ kind }: RestoreSource): string {
  if (kind === 'imported') return ': enable them, ticks and draw first';
  return ', and have to be made anew before they are enabled:\ndocs/runbook.md, "Replay from a timestamp"';
}

/** Two accounts may have an environment of the same name: this much is known without another right. */
async function where(region: Promise<string>): Promise<string> {
  return `In ${await region}, at ${process.env.AWS_ENDPOINT_URL_DYNAMODB ?? 'AWS'}:`;
}

async function ask(what: string): Promise<void> {
  if (!options.yes) await confirm(options.env, what, { undone: 'Nothing was changed' });
}
