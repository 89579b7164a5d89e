import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { conditionsOf, type SimulatedConnector } from './conditions.ts';
import type { SimulationReport } from './simulate.ts';
import type { Templates } from './templates.ts';
import type { WorkerAnswer, WorkerData } from './worker.ts';

export interface SeriesOptions {
  readonly seeds: readonly (number | string)[];
  readonly events: number;
  readonly environment: string;
  readonly templates: Templates;
  /** Default: each seed's own. */
  readonly connector?: SimulatedConnector | undefined;
  readonly onReport: (seed: number | string, report: SimulationReport) => void;
  /** A run that did not come to its end. @param error in words */
  readonly onFailure: (seed: number | string, error: string) => void;
}

/** Runs a simulation for each seed, on every core. @throws what ended a thread */
export async function runSeries(options: SeriesOptions): Promise<void> {
  const waiting = [...options.seeds];
  const workerData = workerDataOf(options);
  const threads = Math.min(availableParallelism(), waiting.length);
  await Promise.all(Array.from({ length: threads }, () => work(waiting, workerData, options)));
}

async function work(
  waiting: (number | string)[],
  workerData: WorkerData,
  { onReport, onFailure }: SeriesOptions,
): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  try {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const answer = await answerOf(worker, seed);
      if ('error' in answer) onFailure(seed, answer.error);
      else onReport(seed, answer.report);
    }
  } finally {
    await worker.terminate();
  }
}

function workerDataOf({ seeds, environment, events, templates, connector }: SeriesOptions): WorkerData {
  const connectors = new Set(connector ? [connector] : seeds.map((seed) => conditionsOf(seed).connector));
  const stacks = Object.fromEntries([...connectors].map((each) => [each, templates.of(each).stacks]));
  return { environment, events, stacks, ...(connector && { connector }) };
}

/** @throws what ended the thread */
async function answerOf(worker: Worker, seed: number | string): Promise<WorkerAnswer> {
  worker.postMessage(seed);
  const [answer] = await once(worker, 'message');
  return answer;
}
