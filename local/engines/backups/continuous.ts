import { z } from 'zod';
import { RefusedError } from '../dynamodb-front.ts';
import { type BackupContext, existingTable, operation, tableName } from './operation.ts';
import { allItems, definitionOf } from './tables.ts';

/** Point-in-time recovery. The latest time that can be restored is now; on AWS it is about five minutes before. */

/** As on AWS; the journals here keep everything. */
const RECOVERY_DAYS = 35;

export const continuousOperations = {
  DescribeContinuousBackups: operation(
    z.strictObject({ TableName: tableName }),
    async ({ TableName }, context, call) => {
      await existingTable(TableName, context, call);
      return description(TableName, context);
    },
  ),

  UpdateContinuousBackups: operation(
    z.strictObject({
      TableName: tableName,
      PointInTimeRecoverySpecification: z.strictObject({ PointInTimeRecoveryEnabled: z.boolean() }),
    }),
    async (
      { TableName: table, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: on } },
      context,
      call,
    ) => {
      const definition = definitionOf(await existingTable(table, context, call));
      const { kept, journal } = context;
      await journal.alone(async () => {
        if (on === (kept.history.recoverableSince(table) !== undefined)) return;
        if (!on) return kept.add({ kind: 'recoveryDisabled', table });
        const items = await allItems(table, call);
        kept.add({ kind: 'recoveryEnabled', table, at: Date.now(), definition, items });
      });
      return description(table, context);
    },
  ),

  RestoreTableToPointInTime: operation(
    z.strictObject({
      SourceTableName: tableName,
      TargetTableName: tableName,
      /** Seconds. */
      RestoreDateTime: z.number().optional(),
      UseLatestRestorableTime: z.boolean().optional(),
    }),
    async ({ SourceTableName: source, TargetTableName: target, ...when }, context, call) => {
      const { TableArn: SourceTableArn } = await existingTable(source, context, call);
      const at = timeOf(when);
      return context.journal.alone(() => {
        const { definition, items } = stateAt(source, at, context);
        const summary = { SourceTableArn, RestoreDateTime: at / 1000 };
        return context.restores.start({ target, definition, items, summary }, call);
      });
    },
  ),
};

function timeOf(when: {
  RestoreDateTime?: number | undefined;
  UseLatestRestorableTime?: boolean | undefined;
}): number {
  const { RestoreDateTime, UseLatestRestorableTime } = when;
  if ((RestoreDateTime === undefined) === (UseLatestRestorableTime !== true)) {
    throw new RefusedError(
      'ValidationException',
      'One of RestoreDateTime and UseLatestRestorableTime is needed',
    );
  }
  // Seconds with a fraction are not exact: what was written in this millisecond is meant.
  return RestoreDateTime === undefined ? Date.now() : Math.round(RestoreDateTime * 1000);
}

function stateAt(table: string, at: number, { kept: { history } }: BackupContext) {
  const since = history.recoverableSince(table);
  const state = history.at(table, at);
  if (since === undefined || state === undefined) {
    throw new RefusedError(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table ${table}`,
    );
  }
  if (at < since || at > Date.now()) {
    throw new RefusedError(
      'InvalidRestoreTimeException',
      'The time is not between EarliestRestorableDateTime and LatestRestorableDateTime',
    );
  }
  return state;
}

function description(table: string, { kept: { history } }: BackupContext): object {
  const since = history.recoverableSince(table);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription:
        since === undefined
          ? { PointInTimeRecoveryStatus: 'DISABLED' }
          : {
              PointInTimeRecoveryStatus: 'ENABLED',
              RecoveryPeriodInDays: RECOVERY_DAYS,
              EarliestRestorableDateTime: since / 1000,
              LatestRestorableDateTime: Date.now() / 1000,
            },
    },
  };
}
