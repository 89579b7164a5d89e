import { verifyBeacon } from '../../adapters/beacon-signature.ts';
import { dynamoClient, s3Client, sqsClient } from '../../adapters/clients.ts';
import { httpFetch } from '../../adapters/fetch.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';

/** What the function is given on Lambda, whatever its outer streams are. */
export const resources = {
  ...{ telemetry: new PowertoolsTelemetry(), now: Date.now, retry: standardRetry },
  ...{ dynamo: dynamoClient(), sqs: sqsClient(), s3: s3Client() },
  ...{ fetch: httpFetch, verifyBeacon },
};
