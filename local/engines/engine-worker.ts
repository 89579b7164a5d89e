/** The thread of one engine: starts it, reports its port, closes it when asked. */
import { parentPort, workerData } from 'node:worker_threads';
import type { EngineName, EngineWorkerData, EngineWorkerMessage } from './engine.ts';
import type { EngineOptions, RunningEngine } from './running-engine.ts';

/** A thread loads its own engine only: with all three in each, loading them was most of a start. */
const starters: Record<EngineName, (options: EngineOptions) => Promise<RunningEngine>> = {
  kinesalite: async (options) =>
    (await import('./kinesalite.ts')).startKinesalite({
      ...options,
      onWrite: (records) => report({ kind: 'written', records }),
    }),
  dynalite: async (options) => (await import('./dynalite.ts')).startDynalite(options),
  fauxqs: async (options) => (await import('./fauxqs.ts')).startFauxqsEngine(options),
};

const { engine, port, dataDir } = workerData as EngineWorkerData;

/**
 * kinesalite and dynalite throw when a client goes away in the middle of its request, as a killed function
 * does. Nothing was applied then: the request ends, the engine goes on. Any other error ends the engine:
 * whoever started the thread ends it then, as a message may be lost with a thread that ends itself.
 */
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  if (error.code === 'ECONNRESET' || error.message === 'aborted') return;
  report({ kind: 'failed', message: error.stack ?? error.message });
});

try {
  const running = await starters[engine]({ port, dataDir });
  parentPort?.on('message', () => void close(running));
  report({ kind: 'listening', port: running.port });
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  report({ kind: 'failed', message, ...(code === undefined ? {} : { code }) });
}

/** Whatever comes of it: somebody waits for the word, and ends the thread then. */
async function close(running: RunningEngine): Promise<void> {
  try {
    await running.close();
  } finally {
    report({ kind: 'closed' });
  }
}

function report(message: EngineWorkerMessage): void {
  parentPort?.postMessage(message);
}
