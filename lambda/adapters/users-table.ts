import { z } from 'zod';
import type { UserState } from '../core/user.ts';
import type { KeyedWrite, UserStore, WriteResult } from '../ports.ts';
import { cursorsSchema } from './cursors-attribute.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';

/** Fingerprints are 8 bytes; they lie side by side in one binary attribute. */
const fingerprintBytes = 8;

const userItemSchema = z.object({
  userId: z.string(),
  version: z.number(),
  coupons: z.number(),
  cursors: cursorsSchema,
  recentIds: z.instanceof(Uint8Array).optional(),
  refunds: z.record(z.string(), z.number()).optional(),
});

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

  /** The condition has one clause: the version is still the one that was loaded, or there was no item and is none. */
  write(writes: readonly KeyedWrite<UserState>[]): Promise<WriteResult[]> {
    return this.#table.putAll(
      writes.map(({ key, state }) => ({
        item: toItem(key, state),
        ...(state.version === 0
          ? { condition: 'attribute_not_exists(userId)' }
          : { condition: 'version = :loaded', values: { ':loaded': state.version } }),
      })),
    );
  }
}

function toItem(userId: string, { version, coupons, cursors, recentIds, refunds }: UserState): Item {
  return {
    userId,
    version: version + 1,
    coupons,
    cursors,
    ...(recentIds.length > 0 && {
      recentIds: Buffer.concat(recentIds.map((id) => Buffer.from(id, 'base64'))),
    }),
    ...(Object.keys(refunds).length > 0 && { refunds }),
  };
}

function fromItem(item: Item): [string, UserState] {
  const { userId, version, coupons, cursors, recentIds, refunds } = userItemSchema.parse(item);
  return [
    userId,
    { version, coupons, cursors, recentIds: splitFingerprints(recentIds), refunds: refunds ?? {} },
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
