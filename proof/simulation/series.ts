import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import type { SimulationReport } from './simulate.ts';
import type { WorkerAnswer, WorkerData } from './worker.ts';

export interface SeriesOptions {
  readonly seeds: readonly (number | string)[];
  readonly events: number;
  readonly environment: string;
  readonly assembly: Assembly;
  readonly onReport: (seed: number | string, report: SimulationReport) => void;
  /** A run that did not come to its end. @param error in words */
  readonly onFailure: (seed: number | string, error: string) => void;
}

/** Runs a simulation for each seed, on every core. @throws what ended a thread */
export async function runSeries(options: SeriesOptions): Promise<void> {
  const waiting = [...options.seeds];
  const threads = Math.min(availableParallelism(), waiting.length);
  await Promise.all(Array.from({ length: threads }, () => work(waiting, options)));
}

async function work(
  waiting: (number | string)[],
  { environment, events, assembly, onReport, onFailure }: SeriesOptions,
): Promise<void> {
  const workerData: WorkerData = { environment, events, stacks: assembly.stacks };
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

/** @throws what ended the thread */
async function answerOf(worker: Worker, seed: number | string): Promise<WorkerAnswer> {
  worker.postMessage(seed);
  const [answer] = await once(worker, 'message');
  return answer;
}
