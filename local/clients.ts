import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Endpoints } from './engines/index.ts';
import { LOCAL_CREDENTIALS } from './execution-environments/environment-variables.ts';

/** Clients of the engines, for the parts of AWS that the runtime plays itself. */
export interface Clients {
  kinesis: KinesisClient;
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
  s3: S3Client;
  /** Closes their connections. */
  destroy(): void;
}

export function createClients(endpoints: Endpoints, region: string): Clients {
  const shared = { region, credentials: LOCAL_CREDENTIALS };
  const clients = {
    // The SDK's Kinesis client speaks HTTP/2 by default, which the engine does not.
    kinesis: new KinesisClient({
      ...shared,
      endpoint: endpoints.kinesis,
      requestHandler: new NodeHttpHandler({ connectionTimeout: 5_000 }),
    }),
    dynamodb: new DynamoDBClient({ ...shared, endpoint: endpoints.dynamodb }),
    sqs: new SQSClient({ ...shared, endpoint: endpoints.sqs }),
    s3: new S3Client({ ...shared, endpoint: endpoints.s3, forcePathStyle: true }),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
