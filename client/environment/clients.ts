import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createClients } from '../../local/clients.ts';
import { LOCAL_CREDENTIALS } from '../../local/execution-environments/environment-variables.ts';
import type { LocalFile } from './local-file.ts';

export interface EnvironmentClients {
  readonly kinesis: KinesisClient;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
}

export interface OpenClients {
  readonly clients: EnvironmentClients;
  /** Closes their connections. */
  destroy(): void;
}

/** An attribute without a value is one that is not there, as in the functions' adapters. */
const translation = { marshallOptions: { removeUndefinedValues: true } };

/** Of an environment on this machine. CloudWatch is not played there: each call of it fails. */
export function localClients({ endpoints, region }: LocalFile): OpenClients {
  const { kinesis, dynamodb, s3, sqs } = createClients(endpoints, region);
  const shared = { region, credentials: LOCAL_CREDENTIALS, endpoint: endpoints.shared };
  return opened({ kinesis, dynamodb, s3, sqs }, shared);
}

/** Region, credentials and endpoints are the SDK's own. */
export function deployedClients(variables: NodeJS.ProcessEnv = process.env): OpenClients {
  const { AWS_REGION, AWS_DEFAULT_REGION: region, AWS_ENDPOINT_URL_S3 } = variables;
  // The AWS CLI reads AWS_DEFAULT_REGION, the SDK does not: where that alone is set, it is meant.
  const shared = AWS_REGION === undefined && region !== undefined ? { region } : {};
  // With HTTP/1.1, as another endpoint than AWS's may speak no other.
  const requestHandler = new NodeHttpHandler({ connectionTimeout: 5_000 });
  return opened(
    {
      kinesis: new KinesisClient({ ...shared, requestHandler }),
      dynamodb: new DynamoDBClient(shared),
      s3: new S3Client({ ...shared, forcePathStyle: AWS_ENDPOINT_URL_S3 !== undefined }),
      sqs: new SQSClient(shared),
    },
    shared,
  );
}

interface Stores {
  kinesis: KinesisClient;
  dynamodb: DynamoDBClient;
  s3: S3Client;
  sqs: SQSClient;
}

/** @param shared of those that are made here */
function opened(stores: Stores, shared: LambdaClientConfig & CloudFormationClientConfig): OpenClients {
  const services = {
    lambda: new LambdaClient(shared),
    cloudFormation: new CloudFormationClient(shared),
    cloudWatch: new CloudWatchClient(shared),
  };
  return {
    clients: { ...stores, ...services, dynamodb: DynamoDBDocumentClient.from(stores.dynamodb, translation) },
    destroy() {
      // Not the document client, which leaves this to whoever made what it is of.
      for (const client of Object.values({ ...stores, ...services })) client.destroy();
    },
  };
}
