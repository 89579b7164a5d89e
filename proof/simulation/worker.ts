/** The thread of a series of simulations: takes a seed, says what came of it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { AssemblyStack } from '../../local/cloudformation/assembly.ts';
import { conditionsOf, type SimulatedConnector } from './conditions.ts';
import { type SimulationReport, simulate } from './simulate.ts';

export interface WorkerData {
  readonly environment: string;
  readonly events: number;
  /** By connector, those that any of the seeds needs. */
  readonly stacks: Readonly<Partial<Record<SimulatedConnector, readonly AssemblyStack[]>>>;
  /** Default: each seed's own. */
  readonly connector?: SimulatedConnector;
}

export type WorkerAnswer =
  | { readonly seed: number | string; readonly report: SimulationReport }
  | { readonly seed: number | string; readonly error: string };

const { environment, events, stacks: ofConnectors, connector } = workerData as WorkerData;

parentPort?.on('message', async (seed: number | string) => {
  parentPort?.postMessage(await answer(seed));
});

async function answer(seed: number | string): Promise<WorkerAnswer> {
  const stacks = ofConnectors[connector ?? conditionsOf(seed).connector] ?? [];
  const assembly = { stacks, assetPath: () => undefined, remove: async () => {} };
  try {
    return { seed, report: await simulate({ seed, events, environment, assembly }) };
  } catch (error) {
    return { seed, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
