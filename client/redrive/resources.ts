import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { RetryPolicy } from '../../lambda/adapters/retry.ts';
import type { OuterStreams } from '../streams/outer-streams.ts';

/** What redriving works with. */
export interface RedriveResources {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly functions: Functions;
  /** The outer streams, by the outputs that say what they are. It is closed by who asked for it. */
  readonly openOuter: (outputs: Readonly<Record<string, string>>) => Promise<OuterStreams>;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Of what a service takes in part. */
  readonly retry: RetryPolicy;
}

/** What redriving a function's batches works with. */
export interface PlannerResources extends RedriveResources {
  readonly outer: OuterStreams;
}

/** The environment's functions, by name. */
export interface Functions {
  /** The variables that the template set, which name its tables and streams. */
  variablesOf(functionName: string): Promise<Readonly<Record<string, string>>>;
  /** Invokes once. @returns the response. @throws Error that names the function when it throws or times out */
  invoke(functionName: string, event: object): Promise<unknown>;
}
