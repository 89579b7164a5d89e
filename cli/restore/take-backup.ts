import { CreateBackupCommand } from '@aws-sdk/client-dynamodb';
import { readEnvironmentOf } from './environment.ts';
import { disableMappings, type PauseContext, refuseRunning, untilIdle } from './pause.ts';
import type { RestoreContext } from './restore.ts';
import { setName } from './source.ts';
import { backupsOf } from './tables.ts';
import { untilNot } from './waiting.ts';

/**
 * DynamoDB promises that a backup has what was written a minute before its request, and nothing of what is written a
 * minute after it; in between it may have either.
 */
const SETTLE_MS = 60_000;

/**
 * Backs every table of an environment up, while nothing writes: so all the backups are of one instant.
 * @returns the name that all of them have
 * @throws Error when a mapping is enabled, or was enabled meanwhile: the backups are then not to be used
 */
export async function takeBackup(
  name: string,
  { disableMappings: disable }: { disableMappings: boolean },
  context: RestoreContext,
): Promise<string> {
  const { clients, say, sleep, now } = context;
  const environment = await readEnvironmentOf(name, clients.lambda);
  const pause: PauseContext = { ...context, lambda: clients.lambda, environment };
  if (disable) await disableMappings(pause);
  await untilIdle(pause);
  say(`Waiting for ${SETTLE_MS / 1000} seconds without a write`);
  await sleep(SETTLE_MS);
  const set = setName(now());
  for (const TableName of environment.tables) {
    await clients.dynamodb.send(new CreateBackupCommand({ TableName, BackupName: set }));
    say(`${TableName} is being backed up`);
  }
  say(`Waiting for ${SETTLE_MS / 1000} seconds without a write`);
  await sleep(SETTLE_MS);
  for (const table of environment.tables) {
    await untilNot('CREATING', context, async () => {
      const [backup] = await backupsOf(clients.dynamodb, table, set);
      const status = backup?.status ?? 'gone';
      if (status === 'CREATING' || status === 'AVAILABLE') return { what: `The backup of ${table}`, status };
      throw new Error(`The backup ${set} of ${table} is ${status}: do not use the others of that name`);
    });
  }
  await refuseRunning(pause).catch((error: Error) => {
    throw new Error(`Do not use the backups ${set}. ${error.message}`);
  });
  return set;
}
