import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Fetch } from '../adapters/fetch.ts';
import type { RetryPolicy } from '../adapters/retry.ts';
import type { BeaconChain } from '../core/beacon.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/**
 * What a function is given to work with: AWS, time and chance. On Lambda the handlers give it; whoever runs the functions
 * elsewhere gives another.
 */
export interface Resources {
  readonly dynamo: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly telemetry: Telemetry;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly retry: RetryPolicy;
  /** HTTP, for what is not AWS: the mirrors of the beacon. */
  readonly fetch: Fetch;
  /** Whether a chain signed a round (beacon-signature.ts): who verifies the same rounds again and again may remember them. */
  readonly verifyBeacon: (chain: BeaconChain, round: number, signatureHex: string) => boolean;
  /** 32 random bytes, hex. */
  readonly newSeed: () => string;
}
