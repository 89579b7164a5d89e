import { z } from 'zod';
import { spendCondition, spendUpdate } from '../baselines/spend.ts';
import type { Attributes, KeptItems } from './kept-items.ts';

const schema = z.object({
  TableName: z.string(),
  Key: z.object({ userId: z.object({ S: z.string() }) }),
  UpdateExpression: z.literal(spendUpdate),
  ConditionExpression: z.literal(spendCondition),
  ExpressionAttributeNames: z.object({ '#shard': z.string() }),
  ExpressionAttributeValues: z.object({
    ':spent': z.object({ N: z.string() }),
    ':position': z.object({ S: z.string() }),
  }),
});

export interface SpendResult {
  readonly answer: object;
  readonly isWritten: boolean;
  readonly item: Attributes;
}

/** The baseline's UpdateItem, on the items that are kept. */
export function spend(body: unknown, items: KeptItems): SpendResult {
  const request = schema.parse(body);
  const { TableName, Key, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = request;
  const item = items.get(TableName, Key);
  if (item === undefined) throw new Error(`The stub has no user ${Key.userId.S} in ${TableName}`);
  const left = Number(item.coupons?.N) - Number(values[':spent'].N);
  const position = item[names['#shard']]?.S;
  const isNew = position === undefined || String(position) < values[':position'].S;
  if (left < 0 || !isNew) {
    const type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
    return {
      answer: { __type: type, message: 'The conditional request failed', Item: item },
      isWritten: false,
      item,
    };
  }
  const changed = { coupons: { N: String(left) }, [names['#shard']]: values[':position'] };
  items.set(TableName, { ...item, ...changed });
  return { answer: { Attributes: changed }, isWritten: true, item: { ...item, ...changed } };
}
