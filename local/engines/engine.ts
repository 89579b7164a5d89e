import { Worker } from 'node:worker_threads';
import { ENGINE_HOST } from './running-engine.ts';

export type EngineName = 'kinesalite' | 'dynalite' | 'fauxqs';

export interface EngineWorkerData {
  engine: EngineName;
  port: number;
  dataDir: string | undefined;
}

export type EngineWorkerMessage =
  | { kind: 'listening'; port: number }
  | { kind: 'failed'; message: string; code?: string }
  /** Something was written to streams. */
  | { kind: 'written'; records: StreamWrites }
  | { kind: 'closed' };

/** How many records streams have taken, by their names; none, where shards were split or merged. */
export type StreamWrites = Readonly<Record<string, number>>;

/** An engine seen from the main thread. */
export interface Engine {
  /** `http://127.0.0.1:<port>` */
  endpoint: string;
  stop(): Promise<void>;
}

export interface StartEngineOptions {
  port: number;
  dataDir?: string | undefined;
  /** The region and account that the engine writes into its ARNs. */
  region: string;
  accountId: string;
  /** Called when a client has the answer to a write to a stream. @param records taken since the last call */
  onStreamWrite?(records: StreamWrites): void;
  /** Called when the engine ends although nobody stopped it. */
  onFailure(error: Error): void;
}

/** A port that something else listens on. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly port: number;

  constructor(port: number, listener: string) {
    super(
      `Port ${port} (for ${listener}) is taken. Stop what listens there, or choose other ports with --port.`,
    );
    this.port = port;
  }
}

/**
 * Starts an engine in a thread of its own: the main thread keeps time for the event source mappings and must
 * not wait for a table scan, and the engines read region and account from an environment that can be given
 * to a thread alone.
 * @throws PortTakenError, or an Error with the engine's message.
 */
export async function startEngine(engine: EngineName, options: StartEngineOptions): Promise<Engine> {
  const workerData: EngineWorkerData = { engine, port: options.port, dataDir: options.dataDir };
  const worker = new Worker(new URL('./engine-thread.mjs', import.meta.url), {
    workerData,
    env: { AWS_REGION: options.region, AWS_ACCOUNT_ID: options.accountId },
    execArgv: [],
  });
  // From the beginning: a thread that failed has ended long before somebody stops it.
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const port = await listeningPort(worker, engine, options.port);
  let stopping = false;
  worker.on('error', (error) => {
    if (!stopping) options.onFailure(new Error(`${engine} failed: ${error.message}`, { cause: error }));
  });
  worker.on('message', (message: EngineWorkerMessage) => {
    if (message.kind === 'written') options.onStreamWrite?.(message.records);
    if (message.kind !== 'failed' || stopping) return;
    options.onFailure(new Error(`${engine} failed: ${message.message}`));
    void worker.terminate();
  });
  return {
    endpoint: `http://${ENGINE_HOST}:${port}`,
    async stop() {
      stopping = true;
      // In memory there is nothing to close in order: the thread and its sockets go at once.
      if (options.dataDir !== undefined) await Promise.race([closed(worker), exited]);
      await worker.terminate();
    },
  };
}

async function listeningPort(worker: Worker, engine: EngineName, port: number): Promise<number> {
  const message = await firstMessage(worker);
  if (message.kind === 'listening') return message.port;
  await worker.terminate();
  if (message.kind === 'failed' && message.code === 'EADDRINUSE') throw new PortTakenError(port, engine);
  throw new Error(`${engine} did not start: ${message.kind === 'failed' ? message.message : 'closed'}`);
}

/** A thread that ends, or fails, without a word has failed as well. */
function firstMessage(worker: Worker): Promise<EngineWorkerMessage> {
  return new Promise((resolve) => {
    worker.once('message', resolve);
    worker.once('error', ({ message }) => resolve({ kind: 'failed', message }));
    worker.once('exit', (code) => resolve({ kind: 'failed', message: `its thread ended with code ${code}` }));
  });
}

function closed(worker: Worker): Promise<void> {
  const answer = new Promise<void>((resolve) => {
    worker.on('message', ({ kind }: EngineWorkerMessage) => {
      if (kind === 'closed') resolve();
    });
  });
  worker.postMessage('close');
  return answer;
}
