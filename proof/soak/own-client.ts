import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Runtime } from '../../local/runtime-options.ts';

/** Players and audit stand outside: no fault is meant for the calls of this caller. */
const CREDENTIALS = { accessKeyId: 'soak', secretAccessKey: 'soak' };

/** A client that does not try again by itself: what it puts must be counted exactly. */
export function ownClient({ endpoints, region }: Pick<Runtime, 'endpoints' | 'region'>): KinesisClient {
  return new KinesisClient({
    region,
    endpoint: endpoints.kinesis,
    credentials: CREDENTIALS,
    maxAttempts: 1,
    // The SDK's Kinesis client speaks HTTP/2 by default, which the engine does not.
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5_000 }),
  });
}
