import { describeEffects } from './effects.ts';
import { atSecond, describeSource, type RestoreSource } from './source.ts';

/** A table that was, or is being, restored into. */
export interface FoundCopy {
  /** Where it was restored from, by its own description; undefined: it was not restored. */
  readonly from: { readonly at: Date; readonly backupArn?: string } | undefined;
}

export interface FoundBackup {
  readonly arn: string;
  readonly status: string;
}

/** One table of the environment, and what there is to restore it from. */
export interface FoundTable {
  readonly name: string;
  /** Its copy, under `copyName`. */
  readonly copy: FoundCopy | undefined;
  /** Between which times it can be restored; undefined: it has no point-in-time recovery. */
  readonly recovery: { readonly earliest: Date; readonly latest: Date } | undefined;
  /** Its backups of the set that is to be restored. */
  readonly backups: readonly FoundBackup[];
}

export interface FoundMapping {
  readonly uuid: string;
  readonly functionName: string;
  /** Lambda's own: Enabled, Disabling, Disabled, ... */
  readonly state: string;
}

export interface Found {
  readonly environment: string;
  readonly tables: readonly FoundTable[];
  readonly mappings: readonly FoundMapping[];
  /** How long the input streams keep records. */
  readonly retentionHours: number;
  readonly now: Date;
}

export interface RestoreChoices {
  readonly source: RestoreSource;
  /** Whether the mappings that are enabled are to be disabled. */
  readonly disableMappings: boolean;
  /** Whether events that the streams have let go of may be lost. */
  readonly acceptLostEvents: boolean;
}

export interface TableStep {
  readonly table: string;
  readonly copy: string;
  /** An earlier run made the copy, or began to; or somebody imported it. */
  readonly isCopyThere: boolean;
  /** The backup to restore the copy from; undefined: from the table's point-in-time recovery. */
  readonly backupArn?: string;
}

export interface RestorePlan {
  readonly steps: readonly TableStep[];
  /** Why it cannot be done: one line each. */
  readonly refusals: readonly string[];
  /** What would be done and what that means, in lines. */
  readonly lines: readonly string[];
}

/** Where a table is restored into first: DynamoDB restores into new tables alone. The same in every run. */
export function copyName(table: string): string {
  return `${table}-restoring`;
}

/** Decides what to do from what was found. Nothing is changed by it. */
export function planRestore(found: Found, choices: RestoreChoices): RestorePlan {
  const { source } = choices;
  const steps = found.tables.map((table) => stepOf(table, source));
  const refusals = [
    ...(source.kind === 'imported'
      ? importRefusal(found.tables)
      : found.tables.flatMap((table) => refusalsOf(table, source))),
    ...lossRefusal(found, choices),
    ...mappingRefusals(found, choices),
  ];
  const lines = [
    `Restores ${found.environment} to ${describeSource(source)}:`,
    ...steps.map(describeStep),
    '  then each is counted and compared with its copy, and the copies are deleted.',
    ...describeEffects(found, source),
  ];
  return { steps, refusals, lines };
}

function stepOf({ name: table, copy, backups }: FoundTable, source: RestoreSource): TableStep {
  const [backup] = source.kind === 'backups' ? backups : [];
  return {
    table,
    copy: copyName(table),
    isCopyThere: copy !== undefined,
    ...(backup && { backupArn: backup.arn }),
  };
}

function describeStep({ table, copy, isCopyThere }: TableStep): string {
  const restore = isCopyThere ? `${copy} is there already` : `is restored into ${copy}`;
  return `  ${table}: ${restore}; ${table} is emptied and filled from it,`;
}

/**
 * A run that was interrupted while it deleted the copies leaves some of them, and so does an import that forgot a table:
 * the tables do not tell which, since a table may have been empty or written to before.
 */
function importRefusal(tables: readonly FoundTable[]): string[] {
  const copiesOf = (isThere: boolean) =>
    tables.filter(({ copy }) => (copy !== undefined) === isThere).map(({ name }) => copyName(name));
  const [missing, left] = [copiesOf(false), copiesOf(true)];
  if (missing.length === 0) return [];
  const refusal = `Not there: ${missing.join(', ')}. Every table has to be imported first`;
  if (left.length === 0) return [refusal];
  return [
    `${refusal}, unless an earlier run said that all tables are restored: then nothing is left but to delete ` +
      `the other copies: ${left.map(deletionOf).join('; ')}`,
  ];
}

/** The command that deletes a copy. */
export function deletionOf(copy: string): string {
  return `aws dynamodb delete-table --table-name ${copy}`;
}

function refusalsOf(table: FoundTable, source: Exclude<RestoreSource, { kind: 'imported' }>): string[] {
  const { name, copy } = table;
  if (copy !== undefined) return copyRefusal(name, copy, table, source);
  return source.kind === 'time' ? recoveryRefusal(table, source.at) : backupRefusal(table, source.set);
}

/** A copy of another instant would be mixed with the others. */
function copyRefusal(
  name: string,
  copy: FoundCopy,
  { backups }: FoundTable,
  source: Exclude<RestoreSource, { kind: 'imported' }>,
): string[] {
  const isOfSource =
    source.kind === 'time'
      ? copy.from !== undefined && copy.from.backupArn === undefined && isSameSecond(copy.from.at, source.at)
      : backups.some(({ arn }) => arn === copy.from?.backupArn);
  if (isOfSource) return [];
  const what = copy.from === undefined ? 'no restore made it' : `it is of ${atSecond(copy.from.at)}`;
  return [
    `${copyName(name)} is there and not of ${describeSource(source)}: ${what}. Finish that restore, or delete it: ` +
      deletionOf(copyName(name)),
  ];
}

/** DynamoDB restores to the second. */
function isSameSecond(left: Date, right: Date): boolean {
  return Math.abs(left.getTime() - right.getTime()) < 1_000;
}

function recoveryRefusal({ name, recovery }: FoundTable, at: Date): string[] {
  if (recovery === undefined) {
    return [
      `${name} has no point-in-time recovery (setting pointInTimeRecovery): only backups can be restored`,
    ];
  }
  if (at >= recovery.earliest && at <= recovery.latest) return [];
  const [from, to] = [atSecond(recovery.earliest), atSecond(recovery.latest)];
  return [`${name} can be restored to a time from ${from} to ${to}, not to ${atSecond(at)}`];
}

function backupRefusal({ name, backups }: FoundTable, set: string): string[] {
  const [backup] = backups;
  if (backup === undefined) return [`${name} has no backup ${set}: a set has one of each table`];
  if (backups.length > 1)
    return [`${name} has ${backups.length} backups ${set}, a set has one of each table`];
  return backup.status === 'AVAILABLE' ? [] : [`The backup ${set} of ${name} is ${backup.status}`];
}

function lossRefusal(found: Found, { source, acceptLostEvents }: RestoreChoices): string[] {
  const kept = keptSince(found);
  if (acceptLostEvents || source.kind === 'imported' || source.at >= kept) return [];
  return [
    `The streams keep records for ${found.retentionHours} hours: what came from ${atSecond(source.at)} to ` +
      `${atSecond(kept)} cannot be applied again and would be lost (--accept-lost-events)`,
  ];
}

/** The oldest record that the input streams still have arrived then. */
export function keptSince({ now, retentionHours }: Pick<Found, 'now' | 'retentionHours'>): Date {
  return new Date(now.getTime() - retentionHours * 3_600_000);
}

function mappingRefusals({ mappings }: Found, { disableMappings }: RestoreChoices): string[] {
  if (disableMappings) return [];
  return mappings
    .filter(({ state }) => state !== 'Disabled' && state !== 'Disabling')
    .map(
      ({ functionName, uuid, state }) =>
        `The event source mapping of ${functionName} is ${state} (--disable-mappings, or ` +
        `aws lambda update-event-source-mapping --no-enabled --uuid ${uuid})`,
    );
}
