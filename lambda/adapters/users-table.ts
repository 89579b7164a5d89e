import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { UserState } from '../core/user.ts';
import type { KeyedWrite, UserStore, WriteResult } from '../ports/ports.ts';
import type { Item } from './attribute-values.ts';
import { toAttribute } from './attribute-values.ts';
import { cursorsSchema } from './cursors-attribute.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { Statement } from './statement-writer.ts';

/** Fingerprints are 8 bytes; they lie side by side in one binary attribute. */
const fingerprintBytes = 8;

/** Compiled: every user of every batch goes through it. */
const userItemSchema = z.compile(
  z.object({
    userId: z.string(),
    version: z.number(),
    coupons: z.number(),
    cursors: cursorsSchema,
    recentIds: z.optional(z.instanceof(Uint8Array)),
    // Of version 0.1.0: a map, of refunds that the table of refunds does not know.
    refunds: z.optional(z.union([z.array(z.string()), z.record(z.string(), z.number())])),
    grants: z.optional(z.array(z.string())),
  }),
);

/** The users table: one item a user, key `userId`. */
export class UsersTable implements UserStore {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async load(
    userIds: readonly string[],
    { consistent }: { consistent: boolean },
  ): Promise<Map<string, UserState>> {
    const items = await this.#table.getAll(
      userIds.map((userId) => ({ userId })),
      consistent,
    );
    return new Map(items.map(fromItem));
  }

  write(writes: readonly KeyedWrite<UserState>[]): Promise<WriteResult[]> {
    return this.#table.execute(statementsOf(this.#table.name, writes));
  }
}

function* statementsOf(table: string, writes: readonly KeyedWrite<UserState>[]): Generator<Statement> {
  for (const { key, state } of writes) yield statementFor(table, key, state);
}

/**
 * Replaces the whole state under a condition of one clause: there was no item and is none (INSERT), or the
 * version is still the one that was loaded (UPDATE, which fails on an item that is not there).
 */
function statementFor(table: string, userId: string, state: UserState): Statement {
  const key = toAttribute(userId);
  const { names, values, absent } = attributesOf(state);
  if (state.version === 0) {
    const members = ['userId', ...names].map((name) => `'${name}':?`).join();
    return { text: `INSERT INTO "${table}" VALUE {${members}}`, parameters: [key, ...values] };
  }
  const set = names.map((name) => ` SET "${name}"=?`).join('');
  const remove = absent.map((name) => ` REMOVE "${name}"`).join('');
  return {
    text: `UPDATE "${table}"${set}${remove} WHERE "userId"=? AND "version"=?`,
    parameters: [...values, key, toAttribute(state.version)],
  };
}

interface Attributes {
  readonly names: readonly string[];
  /** As many as names. */
  readonly values: readonly AttributeValue[];
  /** What this state does not have, though an earlier one may have had it. */
  readonly absent: readonly string[];
}

/** Attributes but the key. `recentIds`, `refunds` and `grants` are there only where a user has some: most have none. */
function attributesOf({ version, coupons, cursors, recentIds, ...given }: UserState): Attributes {
  const names = ['version', 'coupons', 'cursors'];
  const values = [toAttribute(version + 1), toAttribute(coupons), toAttribute(cursors)];
  const absent: string[] = [];
  if (recentIds.length === 0) absent.push('recentIds');
  else {
    names.push('recentIds');
    values.push(toAttribute(packFingerprints(recentIds)));
  }
  for (const name of ['refunds', 'grants'] as const) {
    if (given[name].length === 0) absent.push(name);
    else {
      names.push(name);
      values.push(toAttribute(given[name]));
    }
  }
  return { names, values, absent };
}

function packFingerprints(ids: readonly string[]): Buffer {
  return Buffer.concat(ids.map((id) => Buffer.from(id, 'base64')));
}

function fromItem(item: Item): [string, UserState] {
  const { userId, version, coupons, cursors, recentIds, refunds, grants = [] } = userItemSchema.parse(item);
  return [
    userId,
    {
      version,
      coupons,
      cursors,
      recentIds: splitFingerprints(recentIds),
      refunds: Array.isArray(refunds) ? refunds : [],
      grants,
    },
  ];
}

function splitFingerprints(packed: Uint8Array | undefined): string[] {
  if (packed === undefined) return [];
  const bytes = Buffer.from(packed);
  const ids: string[] = [];
  for (let start = 0; start < bytes.length; start += fingerprintBytes) {
    ids.push(bytes.subarray(start, start + fingerprintBytes).toString('base64'));
  }
  return ids;
}
