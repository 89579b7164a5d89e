import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type GrantItem, grantItemSchema } from '../core/grant.ts';
import type { CouponGrant } from '../core/user.ts';
import type { Grants } from '../ports/ports.ts';
import { type AttributeMap, fromAttributes } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { takeItems } from './taken-items.ts';

/**
 * The grants table, key `grantId`: coupons that an operator gives, and whether they were given, said by the user-events
 * function. It makes none. People put its items: one that has another form than theirs is none, and holds up nobody.
 */
export class GrantsTable implements Grants {
  readonly #client: DynamoDBClient;
  readonly #table: DynamoTable;

  constructor(client: DynamoDBClient, table: DynamoTable) {
    this.#client = client;
    this.#table = table;
  }

  async granted(grantIds: readonly string[]): Promise<Map<string, CouponGrant>> {
    const ids = [...new Set(grantIds)];
    if (ids.length === 0) return new Map();
    const items = await this.#table.getAllAttributes(
      ids.map((grantId) => ({ grantId })),
      true,
    );
    return new Map(items.flatMap((item) => grantIn(item) ?? []).map((grant) => [grant.grantId, grant]));
  }

  take(grantIds: readonly string[]): Promise<void> {
    return takeItems(this.#client, { table: this.#table.name, key: 'grantId' }, grantIds);
  }
}

/** A grant in an item; undefined for one of another form. */
export function grantIn(attributes: AttributeMap): GrantItem | undefined {
  try {
    return grantItemSchema.safeParse(fromAttributes(attributes)).data;
  } catch (error) {
    // An attribute of a type that is not used here, or a number that cannot be read exactly.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
