import { type CallEngine, type EngineAnswer, RefusedError } from '../dynamodb-front.ts';
import type { TableDefinition } from '../table-definition.ts';
import type { Attributes, RestoreSummary } from './history.ts';
import type { KeptHistory } from './history-file.ts';
import { createTable, describeTable, putItems } from './tables.ts';

export interface RestoreRequest {
  target: string;
  definition: TableDefinition;
  items: readonly Attributes[];
  summary: RestoreSummary;
}

/** Restores under way: their tables are there, CREATING, and answer nothing until all of their items are. */
export class Restores {
  readonly #kept: KeptHistory;
  readonly #underWay = new Map<string, RestoreSummary>();

  constructor(kept: KeptHistory) {
    this.#kept = kept;
  }

  get underWay(): boolean {
    return this.#underWay.size > 0;
  }

  isUnderWay(table: string): boolean {
    return this.#underWay.has(table);
  }

  /** @returns the new table's description, as it is answered. @throws RefusedError when the table is there */
  async start({ target, definition, items, summary }: RestoreRequest, call: CallEngine): Promise<object> {
    if (this.#underWay.has(target))
      throw new RefusedError('TableInUseException', `Table is being created: ${target}`);
    // Before anything is awaited: of two requests at a time one is refused.
    this.#underWay.set(target, summary);
    if ((await describeTable(target, call)) !== undefined) {
      this.#underWay.delete(target);
      throw new RefusedError('TableAlreadyExistsException', `Table already exists: ${target}`);
    }
    await createTable(target, definition, call);
    const { body } = this.describe(await call('DescribeTable', { TableName: target }));
    void this.#fill(target, items, summary, call);
    return { TableDescription: tableOf(body) };
  }

  /** What fails, as the engine ends, leaves the table CREATING: nobody will take it for a whole one. */
  async #fill(
    target: string,
    items: readonly Attributes[],
    summary: RestoreSummary,
    call: CallEngine,
  ): Promise<void> {
    try {
      await putItems(target, items, call);
      this.#kept.add({ kind: 'restored', table: target, summary });
      this.#underWay.delete(target);
    } catch {}
  }

  /** @throws RefusedError for what cannot be done with a table that is being restored */
  refuse(operation: string, input: Attributes): void {
    if (operation === 'DescribeTable') return;
    const tables = [input.TableName, ...Object.keys(Object(input.RequestItems))];
    const table = tables.find((name) => typeof name === 'string' && this.#underWay.has(name));
    if (table === undefined) return;
    throw operation === 'DeleteTable'
      ? new RefusedError('ResourceInUseException', `Table is being created: ${table}`)
      : new RefusedError('ResourceNotFoundException', 'Requested resource not found');
  }

  /** Adds to an answer of DescribeTable where the table was restored from. */
  describe(answer: EngineAnswer): EngineAnswer {
    if (answer.status !== 200) return answer;
    const table = tableOf(answer.body);
    const name = String(table.TableName);
    const underWay = this.#underWay.get(name);
    const summary = underWay ?? this.#kept.history.restored(name);
    if (summary === undefined) return answer;
    const RestoreSummary = { ...summary, RestoreInProgress: underWay !== undefined };
    const status = underWay === undefined ? {} : { TableStatus: 'CREATING' };
    return { status: 200, body: { Table: { ...table, ...status, RestoreSummary } } };
  }
}

function tableOf(body: unknown): Attributes {
  return Object(Object(body).Table);
}
