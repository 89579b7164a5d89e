import type { Endpoints, Engines } from '../engines/index.ts';
import type { Interceptor } from './aws-call.ts';
import { startProxy } from './proxy.ts';

/** A proxy before each engine, on `port`, `port + 1` and `port + 2`; 0 takes free ports. */
export async function startProxies(
  targets: Endpoints,
  port: number,
  intercept: Interceptor,
): Promise<Engines> {
  const portOf = (offset: number) => (port === 0 ? 0 : port + offset);
  const [kinesis, dynamodb, sqs] = await Promise.all([
    startProxy(targets.kinesis, portOf(0), intercept),
    startProxy(targets.dynamodb, portOf(1), intercept),
    startProxy(targets.sqs, portOf(2), intercept),
  ]);
  return {
    endpoints: {
      kinesis: kinesis.endpoint,
      dynamodb: dynamodb.endpoint,
      sqs: sqs.endpoint,
      s3: sqs.endpoint,
    },
    async stop() {
      await Promise.all([kinesis.stop(), dynamodb.stop(), sqs.stop()]);
    },
  };
}
