import {
  DeleteTableCommand,
  ResourceNotFoundException,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import type { RestoreClients } from './clients.ts';
import { contentsOf, copyTable, emptyTable, withoutPositions } from './copy.ts';
import { mappingsOf, type RunningEnvironment, readEnvironmentOf } from './environment.ts';
import { disableMappings, type PauseContext, refuseRunning, untilIdle } from './pause.ts';
import { deletionOf, planRestore, type RestoreChoices, type RestorePlan, type TableStep } from './plan.ts';
import type { RestoreSource } from './source.ts';
import { describeTable, findTable } from './tables.ts';
import { untilNot } from './waiting.ts';

export interface RestoreContext {
  clients: RestoreClients;
  /** One line for each thing that was done. */
  say: (line: string) => void;
  sleep: (ms: number) => Promise<void>;
  now: () => Date;
}

/** Said before any copy is deleted: from then on what is there no longer tells what was restored. */
const ALL_RESTORED = 'All tables are restored, their copies are needed no more';

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
 * names, and no table is emptied before every copy is whole. Imported copies cannot be made again: where some of them
 * are deleted already, the plan says what is left to do.
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
  context.say(ALL_RESTORED);
  await deleteCopies(plan.steps, context);
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

/** @throws Error that names the copy and its status when it will not become whole by itself */
async function untilActive(copy: string, { clients, ...context }: RestoreContext): Promise<void> {
  await untilNot('CREATING', context, async () => {
    const table = await describeTable(clients.dynamodb, copy);
    if (table === undefined) throw new Error(`${copy} has vanished: run it again`);
    const { TableStatus: status = 'unknown', RestoreSummary } = table;
    if (status !== 'CREATING' && status !== 'ACTIVE') {
      throw new Error(`${copy} is ${status}: see to it that it is ACTIVE or gone, and run it again`);
    }
    return { what: copy, status: RestoreSummary?.RestoreInProgress === true ? 'CREATING' : status };
  });
  context.say(`${copy} is whole`);
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
  const change = source.kind === 'imported' ? withoutPositions : undefined;
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

/** Deletes every copy that can be deleted. @throws Error with the command for each that is left */
async function deleteCopies(
  steps: readonly TableStep[],
  { clients: { dynamodb }, say }: RestoreContext,
): Promise<void> {
  const left: string[] = [];
  for (const { copy } of steps) {
    try {
      await dynamodb.send(new DeleteTableCommand({ TableName: copy }));
      say(`${copy} is deleted`);
    } catch (error) {
      // The answer to an earlier attempt may have been lost, or somebody deleted it.
      if (error instanceof ResourceNotFoundException) continue;
      left.push(`${deletionOf(copy)} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  if (left.length > 0) throw new Error(`${ALL_RESTORED}. Delete what is left of them: ${left.join('; ')}`);
}
