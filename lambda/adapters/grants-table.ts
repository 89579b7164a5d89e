import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type GrantItem, grantItemSchema } from '../core/grant.ts';
import type { CouponGrant } from '../core/user.ts';
import type { Grants } from '../ports/ports.ts';
import { type AttributeMap, fromAttributes, type Item } from './attribute-values.ts';
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
    return new Map(items.flatMap(grantIn));
  }

  take(grantIds: readonly string[]): Promise<void> {
    return takeItems(this.#client, { table: this.#table.name, key: 'grantId' }, grantIds);
  }
}

function grantIn(attributes: AttributeMap): [string, GrantItem][] {
  const grant = grantItemSchema.safeParse(readable(attributes)).data;
  return grant === undefined ? [] : [[grant.grantId, grant]];
}

function readable(attributes: AttributeMap): Item | undefined {
  try {
    return fromAttributes(attributes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
