import { dynamoClient, kinesisClient, kmsClient, s3Client } from '../../adapters/clients.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';

/** What the function is given on Lambda, whatever its outer streams are. */
export const resources = {
  ...{ telemetry: new PowertoolsTelemetry(), now: Date.now, retry: standardRetry },
  ...{ dynamo: dynamoClient(), kinesis: kinesisClient(), s3: s3Client(), kms: kmsClient() },
};
