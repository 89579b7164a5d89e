import { createServer } from 'node:http';
import { lockDirectory } from './directory-lock.ts';
import { type EngineName, PortTakenError, type StartEngineOptions, startEngine } from './engine.ts';
import { listen } from './running-engine.ts';

export type { Engine, EngineName, StreamWrites } from './engine.ts';
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
  /** Those before which a proxy has their port: they take free ones. */
  behindProxy?: readonly EngineName[];
}

/** In the order of their ports. */
const ENGINES: readonly EngineName[] = ['kinesalite', 'dynalite', 'fauxqs'];

/** What is no engine has the port after theirs. */
export const SHARED_LISTENER = 'Lambda and KMS';
/** And after that comes what a browser talks to. */
export const PAGE_LISTENER = 'the page';
const LISTENERS = [...ENGINES, SHARED_LISTENER, PAGE_LISTENER] as const;

/**
 * Looks whether the ports of the engines and the two after them are free, so that what takes long need not be done in vain.
 * @throws PortTakenError
 */
export async function checkPorts(port: number): Promise<void> {
  if (port === 0) return;
  for (const [offset, listener] of LISTENERS.entries()) {
    const probe = await listen(createServer(), port + offset).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? new PortTakenError(port + offset, listener) : error;
    });
    await probe.close();
  }
}

/**
 * Starts the three engines.
 * @throws DirectoryInUseError, PortTakenError or another error of an engine; those that had started are stopped then.
 */
export async function startEngines(options: StartEnginesOptions): Promise<Engines> {
  const unlock = options.dataDir === undefined ? () => {} : lockDirectory(options.dataDir);
  try {
    const engines = await startAll(options);
    return { ...engines, stop: () => engines.stop().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function startAll({ port, behindProxy = [], ...options }: StartEnginesOptions): Promise<Engines> {
  const portOf = (engine: EngineName, offset: number) =>
    port === 0 || behindProxy.includes(engine) ? 0 : port + offset;
  const started = await Promise.allSettled(
    ENGINES.map((engine, offset) => startEngine(engine, { ...options, port: portOf(engine, offset) })),
  );
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(running.map((engine) => engine.stop()));
  };
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [kinesis = '', dynamodb = '', sqs = ''] = running.map(({ endpoint }) => endpoint);
  return { endpoints: { kinesis, dynamodb, sqs, s3: sqs }, stop };
}
