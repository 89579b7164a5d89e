/** The thread of one engine: starts it, reports its port, closes it when asked. */
import { parentPort, workerData } from 'node:worker_threads';
import { startDynalite } from './dynalite.ts';
import type { EngineName, EngineWorkerData, EngineWorkerMessage } from './engine.ts';
import { startFauxqsEngine } from './fauxqs.ts';
import { startKinesalite } from './kinesalite.ts';
import type { EngineOptions, RunningEngine } from './running-engine.ts';

const starters: Record<EngineName, (options: EngineOptions) => Promise<RunningEngine>> = {
  kinesalite: startKinesalite,
  dynalite: startDynalite,
  fauxqs: startFauxqsEngine,
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

async function close(running: RunningEngine): Promise<void> {
  await running.close();
  report({ kind: 'closed' });
}

function report(message: EngineWorkerMessage): void {
  parentPort?.postMessage(message);
}
