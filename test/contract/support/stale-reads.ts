import type { DynamoDBClient, ServiceInputTypes } from '@aws-sdk/client-dynamodb';

/**
 * Makes every eventually consistent read of a client as old as DynamoDB allows, which is without a bound: it sees
 * an empty table. What has to see a write that was confirmed fails with it, unless it reads consistently.
 */
export function withStaleReads(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!isEventual(commandName, args.input)) return next(args);
        return { response: {}, output: { $metadata: {}, Responses: {}, UnprocessedKeys: {} } };
      },
    { step: 'initialize', name: 'staleReads' },
  );
}

function isEventual(commandName: string, input: ServiceInputTypes): boolean {
  if (commandName === 'BatchGetItemCommand' && 'RequestItems' in input) {
    return Object.values(input.RequestItems ?? {}).some(
      (table) => !('Keys' in table && table.ConsistentRead),
    );
  }
  if (!['GetItemCommand', 'QueryCommand', 'ScanCommand'].includes(commandName)) return false;
  return !('ConsistentRead' in input && input.ConsistentRead);
}
