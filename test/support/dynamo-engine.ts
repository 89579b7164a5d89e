import type { AttributeDefinition, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startDynalite } from '../../local/engines/dynalite.ts';

/** A DynamoDB of a test file's own. */
export interface DynamoEngine {
  readonly client: DynamoDBClient;
  readonly stop: () => Promise<void>;
}

/** @param endpoint where an engine listens; on AWS none, and credentials from the environment */
export function dynamoClientAt(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({
    region: 'us-east-1',
    endpoint,
    credentials,
    requestHandler: new NodeHttpHandler(),
  });
}

export async function dynaliteEngine(): Promise<DynamoEngine & { readonly endpoint: string }> {
  const server = await startDynalite({ port: 0 });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const client = dynamoClientAt(endpoint);
  return {
    client,
    endpoint,
    stop: async () => {
      client.destroy();
      await server.close();
    },
  };
}

let tables = 0;

/**
 * Makes a table with string keys (`S`) or numbers (`N`), partition key first, and waits for it to be there.
 * @returns its name, a new one each time
 */
export async function createTable(
  client: DynamoDBClient,
  keys: Readonly<Record<string, 'S' | 'N'>>,
): Promise<string> {
  tables += 1;
  const TableName = `test-${process.pid}-${tables}`;
  const names = Object.entries(keys);
  const AttributeDefinitions = names.map(
    ([AttributeName, AttributeType]): AttributeDefinition => ({ AttributeName, AttributeType }),
  );
  const KeySchema = names.map(
    ([AttributeName], index): KeySchemaElement => ({
      AttributeName,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    }),
  );
  await client.send(
    new CreateTableCommand({ TableName, KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' }),
  );
  await waitUntilTableExists({ client, minDelay: 0.005, maxDelay: 0.1, maxWaitTime: 60 }, { TableName });
  return TableName;
}
