import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { toAttributes } from '../lambda/adapters/attribute-values.ts';
import { grantIn } from '../lambda/adapters/grants-table.ts';
import type { CouponGrantEvent } from '../lambda/core/events.ts';
import {
  type GrantItem,
  grantItemSchema,
  longestReason,
  maximumGrantedCoupons,
} from '../lambda/core/grant.ts';
import { idSchema, idToWire } from '../lambda/core/ids.ts';

/** What an operator gives. */
export interface GrantRequest {
  userId: number | string;
  /** 1 to 2^32. */
  coupons: number;
  /** 1 to 256 characters, which everybody can read. */
  reason: string;
  /** 1 to 128 characters. The same one gives nothing more. Default: a new one. */
  grantId?: string | undefined;
}

/** What is used of an environment: its output `GrantsTableName`. */
export interface GrantingEnvironment {
  readonly clients: { readonly dynamodb: Pick<DynamoDBClient, 'send'> };
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * The item of a grant. @param now ms
 * @throws Error in one line that names the field which is wrong
 */
export function grantItemOf(
  { userId, coupons, reason, grantId = randomUUID() }: GrantRequest,
  now: number,
): GrantItem {
  const item = { grantId, userId: idSchema.safeParse(userId).data, coupons, reason, grantedAt: now };
  const { data, error } = grantItemSchema.safeParse(item);
  if (data !== undefined) return data;
  const field = String(error?.issues[0]?.path[0]);
  throw new Error(`${field} must be ${requirements[field] ?? 'of the right form'}`);
}

const text = 'characters of well-formed Unicode';
const requirements: Readonly<Record<string, string>> = {
  grantId: `1 to 128 ${text}`,
  userId: `1 to 128 ${text}, or a whole number`,
  coupons: `a whole number from 1 to ${maximumGrantedCoupons}`,
  reason: `1 to ${longestReason} ${text}`,
};

/**
 * Stores a grant, if there is none of its id. From here on its event gives the coupons, whoever puts it.
 * @returns what is there: an earlier one that gives the same, or this one
 * @throws Error where one of its id is there that gives something else
 */
export async function storeGrant(
  dynamodb: Pick<DynamoDBClient, 'send'>,
  TableName: string,
  grant: GrantItem,
): Promise<GrantItem> {
  const { isTaken, ...item } = grant;
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName,
        Item: toAttributes(item),
        ConditionExpression: 'attribute_not_exists(grantId)',
      }),
    );
    return grant;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  const { grantId } = grant;
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName, Key: toAttributes({ grantId }), ConsistentRead: true }),
  );
  const stored = Item && grantIn(Item);
  if (stored !== undefined && isSame(stored, grant)) return stored;
  const what = stored
    ? `${stored.coupons} to user ${stored.userId} (${JSON.stringify(stored.reason)})`
    : 'something of another form';
  throw new Error(`Grant ${grantId} is there and gives ${what}: take another id`);
}

function isSame(stored: GrantItem, { userId, coupons, reason }: GrantItem): boolean {
  return stored.userId === userId && stored.coupons === coupons && stored.reason === reason;
}

/** What has user-events give a grant that is stored. */
export function grantEvent({ userId, grantId }: GrantItem): Omit<CouponGrantEvent, 'userId'> & {
  readonly userId: number | string;
} {
  return { type: 'CouponGrantEvent', userId: idToWire(userId), grantId };
}

/**
 * Gives coupons to a user: first the item, which only operators can put, then the event that names it. To be repeated with
 * its id by whoever dies in between, or does not know: it is given once.
 * @param grant of `grantItemOf`
 * @param put puts the event on user-events-input, under its user's id
 * @returns what `put` gives. Where the grant was given before its event is rejected as DUPLICATE_EVENT
 * @throws Error with the id where `put` throws; what `storeGrant` throws
 */
export async function grantCoupons<Answer>(
  { clients: { dynamodb }, outputs: { GrantsTableName: table } }: GrantingEnvironment,
  grant: GrantItem,
  put: (event: object) => Promise<Answer>,
): Promise<Answer> {
  if (table === undefined)
    throw new Error('The environment has no output GrantsTableName: it is of an earlier version');
  const stored = await storeGrant(dynamodb, table, grant);
  try {
    return await put(grantEvent(stored));
  } catch (cause) {
    throw new Error(unfinished(stored, cause), { cause });
  }
}

/** Its item is there, and perhaps its event. */
function unfinished({ grantId }: GrantItem, cause: unknown): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  return `Grant ${grantId} is stored, and nothing is known of its event (${why}): the same again with this id completes it`;
}
