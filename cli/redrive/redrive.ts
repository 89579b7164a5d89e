import type { RedriveClients } from './clients.ts';
import { planEntries } from './entries-plan.ts';
import type { FailedBatch } from './failed-batches.ts';
import { FailedBatches } from './failed-batches.ts';
import { variablesOf } from './invoke.ts';
import type { BatchPlan, Planner } from './plan.ts';
import { lotteryEventsPlanner, userEventsPlanner } from './planners.ts';

export interface RedriveOptions {
  clients: RedriveClients;
  bucket: string;
  /** Says what would be done, and changes nothing. */
  dryRun: boolean;
  /** One line per batch, and one per record that is left. */
  say: (line: string) => void;
}

export interface RedriveResult {
  batches: number;
  /** Redriven completely and removed from the bucket. */
  removed: number;
  /** Left in the bucket: an error, or records of which nobody knows whether they were applied. */
  left: number;
}

/**
 * Redrives the failed batches of a bucket, one after the other. A batch is removed when all of it has been done;
 * whatever stops in between can be started again.
 * @throws what listing the bucket throws; the failure of a batch is said, and the next one goes on
 */
export async function redrive(options: RedriveOptions): Promise<RedriveResult> {
  const { clients, bucket, say } = options;
  const batches = new FailedBatches(clients.s3, bucket);
  const planners = new Planners(clients);
  const keys = await batches.keys();
  let removed = 0;
  for (const key of keys) {
    try {
      const batch = await batches.read(key);
      const plan = await planners.plan(batch);
      if (await carryOut(batch, plan, batches, options)) removed += 1;
    } catch (error) {
      say(`${key}: left: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const left = options.dryRun ? 0 : keys.length - removed;
  return { batches: keys.length, removed, left };
}

/** @returns whether nothing of the batch is left */
async function carryOut(
  batch: FailedBatch,
  plan: BatchPlan,
  batches: FailedBatches,
  { dryRun, say }: RedriveOptions,
): Promise<boolean> {
  const what = describe(batch, plan);
  if (dryRun) {
    say(`${what}: would be ${plan.undecided.length > 0 ? 'left, its other records redriven' : 'redriven'}`);
    for (const id of plan.undecided) say(`  undecided: ${id}`);
    return false;
  }
  const left = [...plan.undecided, ...(await plan.redrive())];
  if (left.length === 0) await batches.remove(batch.key);
  say(`${what}: ${left.length === 0 ? 'redriven' : 'left, its other records redriven'}`);
  for (const id of left) say(`  undecided: ${id}`);
  return left.length === 0;
}

function describe(batch: FailedBatch, { counts, undecided }: BatchPlan): string {
  const parts = Object.entries({ ...counts, undecided: undecided.length })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  const { functionName, condition, shardId, records, key } = batch;
  return `${key}: ${functionName}, ${shardId}, ${condition}, ${records.length} records (${parts.join(', ')})`;
}

/** How to redrive a function's batches, made once for each: an output stream is read from its beginning. */
class Planners {
  readonly #clients: RedriveClients;
  readonly #byFunction = new Map<string, Promise<Planner>>();

  constructor(clients: RedriveClients) {
    this.#clients = clients;
  }

  async plan(batch: FailedBatch): Promise<BatchPlan> {
    let planner = this.#byFunction.get(batch.functionName);
    if (planner === undefined) {
      planner = this.#plannerOf(batch.functionName);
      this.#byFunction.set(batch.functionName, planner);
    }
    return (await planner)(batch);
  }

  async #plannerOf(functionName: string): Promise<Planner> {
    if (functionName.endsWith('-draw')) return (batch) => planEntries(batch, this.#clients);
    const variables = await variablesOf(this.#clients.lambda, functionName);
    if (functionName.endsWith('-user-events')) return userEventsPlanner(variables, this.#clients);
    if (functionName.endsWith('-lottery-events')) return lotteryEventsPlanner(variables, this.#clients);
    throw new Error(`${functionName} is none of the functions that read streams`);
  }
}
