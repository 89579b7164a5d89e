import { dynamoClient, s3Client } from '../../adapters/clients.ts';
import { EventApi } from '../../adapters/event-api.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { readEnvironment } from '../../contract/variables.ts';

const { EVENT_API_URL, EVENT_API_NAMESPACE } = readEnvironment('live', process.env);

/** What the function is given on Lambda, whatever its outer streams are. */
export const resources = {
  ...{ telemetry: new PowertoolsTelemetry(), now: Date.now, retry: standardRetry },
  ...{ dynamo: dynamoClient(), s3: s3Client() },
  messages: new EventApi(EVENT_API_URL, EVENT_API_NAMESPACE, process.env.AWS_REGION ?? ''),
};
