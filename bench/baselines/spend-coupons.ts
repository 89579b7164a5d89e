import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { spendCondition, spendUpdate } from './spend.ts';

export interface Wanted {
  readonly table: string;
  readonly userId: string;
  readonly shardId: string;
  /** Of the last of the clicks in the shard. */
  readonly position: string;
  /** One a click. */
  readonly coupons: number;
}

export interface Spent {
  /** How many of the wanted ones there were. */
  readonly coupons: number;
  /** What the user had before. */
  readonly before: number;
}

/** Spends what is wanted, or what there is, once. */
export async function spendCoupons(client: DynamoDBDocumentClient, wanted: Wanted): Promise<Spent> {
  const { table, userId, shardId, position, coupons } = wanted;
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { userId },
        UpdateExpression: spendUpdate,
        ConditionExpression: spendCondition,
        ExpressionAttributeNames: { '#shard': shardId },
        ExpressionAttributeValues: { ':spent': coupons, ':position': position },
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { coupons, before: Number(Attributes?.coupons) + coupons };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const left = Number(error.Item?.coupons?.N ?? 0);
    // The batch came again. Whether it had enough then is not known any more: it is told so.
    if ((error.Item?.[shardId]?.S ?? '') >= position) return { coupons, before: left + coupons };
    return left === 0
      ? { coupons: 0, before: 0 }
      : spendCoupons(client, { ...wanted, coupons: Math.min(left, coupons) });
  }
}
