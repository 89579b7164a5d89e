import { z } from 'zod';
import { type CallEngine, RefusedError } from '../dynamodb-front.ts';
import type { Backup } from './history.ts';
import type { KeptHistory } from './history-file.ts';
import type { Journal } from './journal.ts';
import type { Restores } from './restores.ts';
import { describeTable, type EngineTable } from './tables.ts';

/** What the operations work with. */
export interface BackupContext {
  kept: KeptHistory;
  journal: Journal;
  restores: Restores;
  /** Backups that are being made, by their ARN. */
  backupsUnderWay: Map<string, Backup>;
}

/** Answers one operation. @throws RefusedError */
export type Operation = (input: unknown, context: BackupContext, call: CallEngine) => Promise<object>;

export const tableName = z.string().regex(/^[\w.-]{3,255}$/);

/** Input that is not known here is refused by name: nobody should take it for carried out. */
export function operation<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>, context: BackupContext, call: CallEngine) => Promise<object>,
): Operation {
  return (input, context, call) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(parsed.data, context, call);
    const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
    throw new RefusedError('ValidationException', `Not played here: ${problems.join('; ')}`);
  };
}

/** @throws RefusedError when it is not there, or is being restored */
export async function existingTable(
  name: string,
  { restores }: BackupContext,
  call: CallEngine,
): Promise<EngineTable> {
  const table = restores.isUnderWay(name) ? undefined : await describeTable(name, call);
  if (table === undefined) throw new RefusedError('TableNotFoundException', `Table not found: ${name}`);
  return table;
}
