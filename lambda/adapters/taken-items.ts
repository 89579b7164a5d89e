import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mapBounded } from '../batch/map-bounded.ts';
import { toAttributes } from './attribute-values.ts';

const writesInFlight = 32;

/** A table of what gives coupons once, and the name of its key. */
export interface TakenTable {
  readonly table: string;
  readonly key: string;
}

/** Marks items as taken: their coupons were given. Those that are not there are left so. */
export async function takeItems(
  client: DynamoDBClient,
  { table, key }: TakenTable,
  ids: readonly string[],
): Promise<void> {
  await mapBounded(writesInFlight, ids, async (id) => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: toAttributes({ [key]: id }),
      UpdateExpression: 'SET isTaken = :taken',
      ConditionExpression: `attribute_exists(${key})`,
      ExpressionAttributeValues: toAttributes({ ':taken': true }),
    });
    try {
      await client.send(command);
    } catch (error) {
      // Somebody took the item away: what is not there is not given again.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  });
}
