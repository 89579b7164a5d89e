import {
  DeleteTableCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import type { RestoreClients } from './clients.ts';
import { contentsOf, copyTable, emptyTable, withoutCursors } from './copy.ts';
import { mappingsOf, type RunningEnvironment, readEnvironmentOf } from './environment.ts';
import { disableMappings, type PauseContext, refuseRunning, untilIdle } from './pause.ts';
import { planRestore, type RestoreChoices, type RestorePlan, type TableStep } from './plan.ts';
import type { RestoreSource } from './source.ts';
import { describeTable, findTable } from './tables.ts';

export interface RestoreContext {
  clients: RestoreClients;
  /** One line for each thing that was done. */
  say: (line: string) => void;
  sleep: (ms: number) => Promise<void>;
  now: () => Date;
}

/** How often a table that is being restored is looked at, ms: DynamoDB takes minutes to hours. */
const POLL_MS = 2_000;

export interface PreparedRestore {
  readonly environment: RunningEnvironment;
  readonly plan: RestorePlan;
}

/** Looks at what there is and says what would be done. Changes nothing. @throws Error that names what is not there */
export async function prepareRestore(
  name: string,
  choices: RestoreChoices,
  { clients, now }: RestoreContext,
): Promise<PreparedRestore> {
  const environment = await readEnvironmentOf(name, clients.lambda);
  const found = {
    environment: name,
    tables: await Promise.all(
      environment.tables.map((table) => findTable(clients.dynamodb, table, choices.source)),
    ),
    mappings: await mappingsOf(environment, clients.lambda),
    retentionHours: environment.retentionHours,
    now: now(),
  };
  return { environment, plan: planRestore(found, choices) };
}

/**
 * Carries a plan out. What stops in between can be started again, with the same source: copies are found by their
 * names, and no table is emptied before every copy is whole.
 * @throws Error in one line: a refusal of the plan, a mapping that was enabled meanwhile, or a table that differs from
 *   its copy
 */
export async function restore(
  { environment, plan }: PreparedRestore,
  { source, disableMappings: disable }: RestoreChoices,
  context: RestoreContext,
): Promise<void> {
  const [refusal] = plan.refusals;
  if (refusal !== undefined) throw new Error(refusal);
  const pause: PauseContext = { ...context, lambda: context.clients.lambda, environment };
  if (disable) await disableMappings(pause);
  await untilIdle(pause);
  await makeCopies(plan.steps, source, context);
  // Copies take a long time to make.
  await refuseRunning(pause);
  for (const step of plan.steps) await replaceContents(step, source, context);
  await refuseRunning(pause);
  for (const { copy } of plan.steps) await deleteCopy(copy, context);
}

async function makeCopies(
  steps: readonly TableStep[],
  source: RestoreSource,
  context: RestoreContext,
): Promise<void> {
  for (const step of steps) {
    if (step.isCopyThere) continue;
    await startCopy(step, source, context);
    context.say(`${step.copy} is being made`);
  }
  for (const { copy } of steps) await untilActive(copy, context);
}

/** Encryption and capacity are those of the table, or of the backup. */
async function startCopy(
  { table, copy, backupArn }: TableStep,
  source: RestoreSource,
  { clients: { dynamodb } }: RestoreContext,
): Promise<void> {
  if (source.kind === 'time') {
    await dynamodb.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName: table,
        TargetTableName: copy,
        RestoreDateTime: source.at,
      }),
    );
    return;
  }
  await dynamodb.send(new RestoreTableFromBackupCommand({ BackupArn: backupArn, TargetTableName: copy }));
}

async function untilActive(copy: string, { clients, say, sleep }: RestoreContext): Promise<void> {
  for (;;) {
    const table = await describeTable(clients.dynamodb, copy);
    if (table === undefined) throw new Error(`${copy} has vanished: run it again`);
    if (table.TableStatus === 'ACTIVE' && table.RestoreSummary?.RestoreInProgress !== true) break;
    await sleep(POLL_MS);
  }
  say(`${copy} is whole`);
}

async function replaceContents(
  { table, copy }: TableStep,
  source: RestoreSource,
  { clients: { dynamodb }, say, sleep }: RestoreContext,
): Promise<void> {
  const io = { dynamodb, sleep };
  const { KeySchema = [] } = (await describeTable(dynamodb, table)) ?? {};
  const key = KeySchema.map(({ AttributeName = '' }) => AttributeName);
  const deleted = await emptyTable(table, key, io);
  say(`${table}: ${deleted} items deleted`);
  const change = source.kind === 'imported' ? withoutCursors : undefined;
  const copied = await copyTable(copy, table, io, change);
  const stored = await contentsOf(table, io);
  if (stored.items !== copied.items || stored.hash !== copied.hash) {
    throw new Error(
      `${table} differs from ${copy}: ${stored.items} items, where the copy has ${copied.items}. Something writes ` +
        'it: stop that and run it again',
    );
  }
  say(`${table}: ${stored.items} items, as in ${copy}`);
}

/** @throws Error that says that the tables themselves are restored */
async function deleteCopy(copy: string, { clients: { dynamodb }, say }: RestoreContext): Promise<void> {
  await dynamodb.send(new DeleteTableCommand({ TableName: copy })).catch((error: Error) => {
    throw new Error(`All tables are restored, but ${copy} is left, delete it yourself: ${error.message}`);
  });
  say(`${copy} is deleted`);
}
