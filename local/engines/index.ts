import { type Engine, type StartEngineOptions, startEngine } from './engine.ts';

export type { Engine } from './engine.ts';
export { PortTakenError } from './engine.ts';

export interface Engines {
  endpoints: Endpoints;
  stop(): Promise<void>;
}

/** One URL per AWS service. SQS and S3 share theirs. */
export interface Endpoints {
  kinesis: string;
  dynamodb: string;
  sqs: string;
  s3: string;
}

export interface StartEnginesOptions extends Omit<StartEngineOptions, 'port'> {
  /** Kinesis listens on `port`, DynamoDB on `port + 1`, SQS and S3 on `port + 2`; 0 takes free ports. */
  port: number;
}

/**
 * Starts the three engines.
 * @throws PortTakenError or another error of an engine; those that had started are stopped then.
 */
export async function startEngines({ port, ...options }: StartEnginesOptions): Promise<Engines> {
  const portOf = (offset: number) => (port === 0 ? 0 : port + offset);
  const started = await Promise.allSettled([
    startEngine('kinesalite', { ...options, port: portOf(0) }),
    startEngine('dynalite', { ...options, port: portOf(1) }),
    startEngine('fauxqs', { ...options, port: portOf(2) }),
  ]);
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(running.map((engine) => engine.stop()));
  };
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [kinesis, dynamodb, sqs] = running as [Engine, Engine, Engine];
  return {
    endpoints: {
      kinesis: kinesis.endpoint,
      dynamodb: dynamodb.endpoint,
      sqs: sqs.endpoint,
      s3: sqs.endpoint,
    },
    stop,
  };
}
