import { randomBytes } from 'node:crypto';
import { dynamoClient, kmsClient, sqsClient } from '../../adapters/clients.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';

/** What the function is given on Lambda, whatever its outer streams are. */
export const resources = {
  ...{ telemetry: new PowertoolsTelemetry(), now: Date.now, retry: standardRetry },
  ...{ dynamo: dynamoClient(), sqs: sqsClient(), kms: kmsClient() },
  newSeed: () => randomBytes(32).toString('hex'),
};
