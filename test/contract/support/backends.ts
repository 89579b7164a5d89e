import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynalite } from '../../../local/engines/dynalite.ts';
import { dynamodbLocal } from './dynamodb-local.ts';

export interface RunningBackend {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** A DynamoDB that the state tables can lie in. */
export interface Backend {
  readonly name: string;
  start(): Promise<RunningBackend>;
}

/** The engine of the local runtime, with its PartiQL. */
const localEngine: Backend = {
  name: 'the local engine',
  async start() {
    const engine = await startDynalite({ port: 0 });
    return { endpoint: `http://127.0.0.1:${engine.port}`, stop: () => engine.close() };
  },
};

/** The local engine and, where it can be had, DynamoDB Local. Says so where it cannot. */
export async function backends(): Promise<Backend[]> {
  const second = await dynamodbLocal();
  if (typeof second !== 'string') return [localEngine, second];
  process.stderr.write(
    `The contract suite runs on the local engine only, not on DynamoDB Local: ${second}\n`,
  );
  return [localEngine];
}

export function clientOf({ endpoint }: RunningBackend): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}
