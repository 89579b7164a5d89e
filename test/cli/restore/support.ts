import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { dynamoClientAt } from '../../support/dynamo-engine.ts';

export interface StubMapping {
  state: string;
  lastModified?: Date;
}

/** The environment `dev` as Lambda knows it, without a network. */
export interface StubLambda {
  client: LambdaClient;
  /** By function name; each has one mapping. */
  mappings: Map<string, StubMapping>;
}

/** @param variables by function name */
export function stubLambda(
  variables: Readonly<Record<string, Record<string, string>>>,
  timeoutSeconds = 60,
): StubLambda {
  const client = new LambdaClient({ region: 'us-east-1' });
  const mappings = new Map<string, StubMapping>();
  const answer = (input: object): object => {
    const name = 'FunctionName' in input ? String(input.FunctionName) : undefined;
    if (name === undefined) {
      const id = 'UUID' in input ? String(input.UUID) : '';
      mappings.set(id, { state: 'Disabling' });
      return {};
    }
    if (variables[name] === undefined) {
      throw new ResourceNotFoundException({ message: 'Function not found', $metadata: {} });
    }
    const mapping = mappings.get(name);
    return {
      Environment: { Variables: variables[name] },
      Timeout: timeoutSeconds,
      EventSourceMappings: mapping
        ? [{ UUID: name, State: mapping.state, LastModified: mapping.lastModified }]
        : [],
    };
  };
  client.middlewareStack.add(
    () =>
      async ({ input }) => ({ response: {}, output: { $metadata: {}, ...answer(input) } }),
    { step: 'initialize', priority: 'high' },
  );
  return { client, mappings };
}

type Before = (command: string, input: object) => Promise<void> | void;

/** A client of a local engine of its own, with something between it and the engine. */
export function interceptedClient(endpoint: string, before: Before): DynamoDBClient {
  return intercept(dynamoClientAt(endpoint), before);
}

/** @param before called with each command's name and input; what it throws is thrown instead of calling */
export function intercept(client: DynamoDBClient, before: Before): DynamoDBClient {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        await before(commandName ?? '', args.input);
        return next(args);
      },
    { step: 'initialize' },
  );
  return client;
}

/** As DynamoDB refuses a call when a table has no throughput left for any of it. */
export function throttling(name = 'ProvisionedThroughputExceededException'): Error {
  return Object.assign(new Error('Rate exceeded'), { name });
}

/** A client whose tables take so many items of each BatchWriteItem, and leave the others unprocessed. */
export function throttledClient(endpoint: string, taken: number): DynamoDBClient {
  const client = dynamoClientAt(endpoint);
  client.middlewareStack.add(
    (next) => async (args) => {
      const all = 'RequestItems' in args.input ? Object.entries(args.input.RequestItems ?? {}) : [];
      const [table = '', requests] = all[0] ?? [];
      if (!Array.isArray(requests)) return next(args);
      const UnprocessedItems = { [table]: requests.slice(taken) };
      if (taken === 0) return { response: {}, output: { $metadata: {}, UnprocessedItems } };
      const input = { RequestItems: { [table]: requests.slice(0, taken) } };
      const { response } = await next({ ...args, input });
      return { response, output: { $metadata: {}, UnprocessedItems } };
    },
    { step: 'initialize' },
  );
  return client;
}
