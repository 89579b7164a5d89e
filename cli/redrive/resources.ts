import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { RedriveResources } from '../../client/redrive/resources.ts';
import { openStreams } from '../../client/streams/open.ts';
import { standardRetry } from '../../lambda/adapters/retry.ts';
import { LambdaFunctions } from './lambda-functions.ts';

/** How long a function may take to answer: Lambda's longest time-out. */
const INVOCATION_MS = 900_000;

/**
 * Region, credentials and endpoints come from the SDK's own variables, so that the same command works on a deployed
 * environment and on the endpoints that `npm start` prints.
 * @throws Error where no region is set.
 */
export function redriveResources(): RedriveResources {
  const shared = regionOfCli();
  // The SDK's Kinesis client speaks HTTP/2 by default, which the local engine does not.
  const kinesis = new KinesisClient({
    ...shared,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5_000 }),
  });
  return {
    // The local engine has no host names of buckets.
    s3: new S3Client({ ...shared, forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined }),
    // An invocation is never tried again by the client: redrive looks at what became of it first.
    functions: new LambdaFunctions(
      new LambdaClient({
        ...shared,
        maxAttempts: 1,
        requestHandler: new NodeHttpHandler({ requestTimeout: INVOCATION_MS, throwOnRequestTimeout: true }),
      }),
    ),
    dynamodb: new DynamoDBClient(shared),
    kinesis,
    openOuter: (outputs) => openStreams(outputs, kinesis),
    sqs: new SQSClient(shared),
    now: Date.now,
    retry: standardRetry,
  };
}

/**
 * The AWS CLI reads AWS_DEFAULT_REGION, the SDK does not: where that alone is set, it is meant. A profile may name
 * the region as well.
 * @throws Error that names the variables where none of them is set.
 */
export function regionOfCli(): { region?: string } {
  const { AWS_REGION, AWS_DEFAULT_REGION: region, AWS_PROFILE } = process.env;
  if (AWS_REGION !== undefined) return {};
  if (region !== undefined) return { region };
  if (AWS_PROFILE !== undefined) return {};
  throw new Error(
    'No region: set AWS_REGION or AWS_DEFAULT_REGION. For an environment on this machine, set all the variables ' +
      'that npm start prints.',
  );
}
