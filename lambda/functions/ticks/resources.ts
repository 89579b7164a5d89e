import { dynamoClient, kinesisClient, sqsClient } from '../../adapters/clients.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';

/** What the function is given on Lambda, whatever its outer streams are. */
export const resources = {
  ...{ telemetry: new PowertoolsTelemetry(), now: Date.now, retry: standardRetry },
  ...{ dynamo: dynamoClient(), kinesis: kinesisClient(), sqs: sqsClient() },
};
