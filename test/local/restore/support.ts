import { LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';

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
