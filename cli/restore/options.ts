import { Command, Option } from 'commander';
import { backupsSource, type RestoreSource, timeSource } from './source.ts';

export interface RestoreOptions {
  env: string;
  to?: string;
  backups?: string;
  imported?: string;
  takeBackup: boolean;
  disableMappings: boolean;
  acceptLostEvents: boolean;
  dryRun: boolean;
  yes: boolean;
}

export function restoreCommand(): Command {
  return new Command('npm run restore --')
    .description(
      'Restores all tables of an environment to one instant, in place: each is emptied and filled from a copy that ' +
        'DynamoDB restores. Works on a deployed environment or, with the variables that npm start prints, on a local ' +
        'one. What it does to cursors and streams is said by --dry-run, and in docs/runbook.md. It can be run again ' +
        'after it was interrupted.',
    )
    .requiredOption('--env <name>', 'the environment')
    .addOption(
      new Option(
        '--to <time>',
        'by point-in-time recovery, to the second, e.g. 2026-05-01T12:00:00Z',
      ).conflicts(['backups', 'imported']),
    )
    .addOption(
      new Option(
        '--backups <set>',
        'from the backups that --take-backup made, by the name it printed',
      ).conflicts('imported'),
    )
    .option(
      '--imported <time>',
      'from tables <table>-restoring, imported from exports of that time: docs/runbook.md, "A region is lost"',
    )
    .addOption(
      new Option('--take-backup', 'restore nothing, but back all tables up, while nothing writes them')
        .default(false)
        .conflicts(['to', 'backups', 'imported', 'dryRun']),
    )
    .option('--disable-mappings', "disable the environment's event source mappings, and leave them so", false)
    .option('--accept-lost-events', 'also where the streams no longer have all that came since', false)
    .option('--dry-run', 'say what would be done, change nothing', false)
    .option('--yes', 'do not ask', false)
    .helpOption('-h, --help', 'show this help');
}

/** @throws Error that says which option is missing, or what is wrong with its value */
export function sourceOf({ to, backups, imported }: RestoreOptions): RestoreSource {
  if (to !== undefined) return timeSource('time', to);
  if (imported !== undefined) return timeSource('imported', imported);
  if (backups !== undefined) return backupsSource(backups);
  throw new Error('Say what to restore: --to TIME, --backups SET or --imported TIME (or --take-backup)');
}
