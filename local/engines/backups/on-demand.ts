import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { RefusedError } from '../dynamodb-front.ts';
import type { Backup } from './history.ts';
import { type BackupContext, existingTable, operation, tableName } from './operation.ts';
import { allItems, definitionOf } from './tables.ts';

/** On-demand backups. */

const byArn = z.strictObject({ BackupArn: z.string() });

export const onDemandOperations = {
  CreateBackup: operation(
    z.strictObject({ TableName: tableName, BackupName: tableName }),
    async ({ TableName, BackupName }, context, call) => {
      const table = await existingTable(TableName, context, call);
      const at = Date.now();
      const backup: Backup = {
        arn: `${table.TableArn}/backup/${String(at).padStart(14, '0')}-${randomBytes(4).toString('hex')}`,
        ...{ name: BackupName, table: TableName, tableArn: table.TableArn, tableId: table.TableId },
        ...{ definition: definitionOf(table), at },
      };
      context.backupsUnderWay.set(backup.arn, backup);
      const made = context.journal.alone(async () => {
        const items = await allItems(TableName, call);
        context.kept.add({ kind: 'backupMade', backup, items });
        context.backupsUnderWay.delete(backup.arn);
      });
      // What fails, as the engine ends, leaves the backup CREATING.
      made.catch(() => undefined);
      return { BackupDetails: details(backup, 'CREATING') };
    },
  ),

  ListBackups: operation(
    z.strictObject({ TableName: tableName.optional() }),
    async ({ TableName }, context) => ({
      BackupSummaries: allBackups(context)
        .filter(({ backup }) => TableName === undefined || backup.table === TableName)
        .map(({ backup, status }) => ({ ...sourceOf(backup), ...details(backup, status) })),
    }),
  ),

  DescribeBackup: operation(byArn, async ({ BackupArn }, context) => {
    const { backup, status } = findBackup(BackupArn, context);
    return { BackupDescription: description(backup, status) };
  }),

  DeleteBackup: operation(byArn, async ({ BackupArn }, context) => {
    const { backup } = availableBackup(BackupArn, context);
    context.kept.add({ kind: 'backupDeleted', arn: BackupArn });
    return { BackupDescription: description(backup, 'DELETED') };
  }),

  RestoreTableFromBackup: operation(
    byArn.extend({ TargetTableName: tableName }),
    async ({ BackupArn, TargetTableName: target }, context, call) => {
      const { backup, items } = availableBackup(BackupArn, context);
      const summary = {
        SourceBackupArn: BackupArn,
        SourceTableArn: backup.tableArn,
        RestoreDateTime: backup.at / 1000,
      };
      return context.restores.start({ target, definition: backup.definition, items, summary }, call);
    },
  ),
};

type Status = 'CREATING' | 'AVAILABLE' | 'DELETED';

function allBackups({ kept, backupsUnderWay }: BackupContext): { backup: Backup; status: Status }[] {
  return [
    ...kept.history.backups().map((backup) => ({ backup, status: 'AVAILABLE' as const })),
    ...[...backupsUnderWay.values()].map((backup) => ({ backup, status: 'CREATING' as const })),
  ];
}

function findBackup(arn: string, context: BackupContext): { backup: Backup; status: Status } {
  const found = allBackups(context).find(({ backup }) => backup.arn === arn);
  if (found === undefined) throw new RefusedError('BackupNotFoundException', `Backup not found: ${arn}`);
  return found;
}

function availableBackup(arn: string, context: BackupContext) {
  const { backup, status } = findBackup(arn, context);
  const items = context.kept.history.itemsOf(arn);
  if (status === 'CREATING' || items === undefined) {
    throw new RefusedError('BackupInUseException', `Backup is being created: ${arn}`);
  }
  return { backup, items };
}

function details({ arn, name, at }: Backup, status: Status): object {
  return {
    ...{ BackupArn: arn, BackupName: name, BackupStatus: status, BackupType: 'USER' },
    BackupCreationDateTime: at / 1000,
  };
}

function sourceOf({ table, tableArn, tableId }: Backup): object {
  return { TableName: table, TableArn: tableArn, TableId: tableId };
}

function description(backup: Backup, status: Status): object {
  const { KeySchema } = backup.definition;
  return {
    BackupDetails: details(backup, status),
    SourceTableDetails: { ...sourceOf(backup), KeySchema },
  };
}
