import { z } from 'zod';
import { type TableDefinition, tableDefinition } from '../table-definition.ts';

/**
 * What backups of tables are made of, as one list of things that happened: journals of the tables that have
 * point-in-time recovery, on-demand backups, and what was restored from where. Times are ms since the epoch; items are
 * as on the wire.
 */

const attributes = z.record(z.string(), z.unknown());

const restoreSummary = z.object({
  SourceTableArn: z.string(),
  SourceBackupArn: z.string().optional(),
  /** Seconds, as on the wire. */
  RestoreDateTime: z.number(),
});

const backup = z.object({
  arn: z.string(),
  name: z.string(),
  table: z.string(),
  tableArn: z.string(),
  tableId: z.string(),
  definition: tableDefinition,
  at: z.number(),
});

const event = z.discriminatedUnion('kind', [
  /** Point-in-time recovery begins, with what is there. */
  z.object({
    kind: z.literal('recoveryEnabled'),
    table: z.string(),
    at: z.number(),
    definition: tableDefinition,
    items: z.array(attributes),
  }),
  z.object({ kind: z.literal('recoveryDisabled'), table: z.string() }),
  /** Items as they are after a write; `item` is absent where it was deleted. */
  z.object({
    kind: z.literal('written'),
    table: z.string(),
    at: z.number(),
    writes: z.array(z.object({ key: attributes, item: attributes.optional() })),
  }),
  z.object({ kind: z.literal('backupMade'), backup, items: z.array(attributes) }),
  z.object({ kind: z.literal('backupDeleted'), arn: z.string() }),
  z.object({ kind: z.literal('restored'), table: z.string(), summary: restoreSummary }),
  z.object({ kind: z.literal('tableDeleted'), table: z.string() }),
]);

export const historyEvent = event;
export type HistoryEvent = z.infer<typeof event>;
export type Attributes = z.infer<typeof attributes>;
export type RestoreSummary = z.infer<typeof restoreSummary>;
export type Backup = z.infer<typeof backup>;
export type ItemWrite = { key: Attributes; item?: Attributes | undefined };

interface Journal {
  readonly since: number;
  readonly definition: TableDefinition;
  readonly writes: { at: number; key: string; item: Attributes | undefined }[];
}

/** All that happened, in memory. A journal grows for as long as its table is there. */
export class BackupHistory {
  readonly #journals = new Map<string, Journal>();
  readonly #backups = new Map<string, Backup & { items: readonly Attributes[] }>();
  readonly #restored = new Map<string, RestoreSummary>();

  apply(happened: HistoryEvent): void {
    switch (happened.kind) {
      case 'recoveryEnabled':
        this.#begin(happened);
        return;
      case 'recoveryDisabled':
        this.#journals.delete(happened.table);
        return;
      case 'written':
        this.#note(happened);
        return;
      case 'backupMade':
        this.#backups.set(happened.backup.arn, { ...happened.backup, items: happened.items });
        return;
      case 'backupDeleted':
        this.#backups.delete(happened.arn);
        return;
      case 'restored':
        this.#restored.set(happened.table, happened.summary);
        return;
      case 'tableDeleted':
        this.#journals.delete(happened.table);
        this.#restored.delete(happened.table);
        return;
      default:
        happened satisfies never;
    }
  }

  /** Whether any table has point-in-time recovery. */
  get isJournalling(): boolean {
    return this.#journals.size > 0;
  }

  /** Names of the key attributes of a table with point-in-time recovery; undefined: it has none. */
  keyOf(table: string): string[] | undefined {
    const definition = this.#journals.get(table)?.definition;
    return definition?.KeySchema.map(({ AttributeName }) => AttributeName);
  }

  /** Since when a table can be restored to any time; undefined: it has no point-in-time recovery. */
  recoverableSince(table: string): number | undefined {
    return this.#journals.get(table)?.since;
  }

  /** What a table with point-in-time recovery held, and what it is made with. */
  at(table: string, time: number): { definition: TableDefinition; items: Attributes[] } | undefined {
    const journal = this.#journals.get(table);
    if (journal === undefined) return undefined;
    const items = new Map<string, Attributes>();
    for (const { at, key, item } of journal.writes) {
      if (at > time) break;
      if (item === undefined) items.delete(key);
      else items.set(key, item);
    }
    return { definition: journal.definition, items: [...items.values()] };
  }

  itemsOf(backupArn: string): readonly Attributes[] | undefined {
    return this.#backups.get(backupArn)?.items;
  }

  /** Oldest first. */
  backups(): Backup[] {
    return [...this.#backups.values()];
  }

  restored(table: string): RestoreSummary | undefined {
    return this.#restored.get(table);
  }

  get hasRestored(): boolean {
    return this.#restored.size > 0;
  }

  #begin({ table, at, definition, items }: Extract<HistoryEvent, { kind: 'recoveryEnabled' }>): void {
    const names = definition.KeySchema.map(({ AttributeName }) => AttributeName);
    const writes = items.map((item) => ({ at, key: keyText(item, names), item }));
    this.#journals.set(table, { since: at, definition, writes });
  }

  #note({ table, at, writes }: Extract<HistoryEvent, { kind: 'written' }>): void {
    const journal = this.#journals.get(table);
    const names = this.keyOf(table);
    if (journal === undefined || names === undefined) return;
    for (const { key, item } of writes) journal.writes.push({ at, key: keyText(key, names), item });
  }
}

export function keyFrom(item: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

function keyText(item: Attributes, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => item[name]));
}
