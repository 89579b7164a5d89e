import type { OuterStreams } from '../streams/outer-streams.ts';
import { planEntries } from './entries-plan.ts';
import type { FailedBatch } from './failed-batches.ts';
import { FailedBatches, recordsOf } from './failed-batches.ts';
import type { BatchPlan, Planner } from './plan.ts';
import { lotteryEventsPlanner, repeatingPlanner, userEventsPlanner } from './planners.ts';
import type { RedriveResources } from './resources.ts';

export interface RedriveOptions {
  resources: RedriveResources;
  bucket: string;
  /** Says what would be done, and changes nothing. */
  dryRun: boolean;
  /** One line per batch, and one per record that is left. */
  say: (line: string) => void;
}

/** `recordId`: `shardId:sequenceNumber`. */
export interface RedriveRecord {
  /** Of its batch in the bucket. */
  key: string;
  /** Name of its stream or topic. */
  stream: string;
  recordId: string;
}

export interface RedriveResult {
  batches: number;
  /** Redriven completely and removed from the bucket. */
  removed: number;
  /** Left in the bucket: an error, or records of which nobody knows whether they were applied. */
  left: number;
  /** Those records. */
  undecided: readonly RedriveRecord[];
  /** Records that were put again, once more at each run while their batch stays: their outcomes come under other ids. */
  replaced: readonly RedriveRecord[];
}

/**
 * Redrives the failed batches of a bucket, one after the other. A batch is removed when all of it has been done;
 * whatever stops in between can be started again.
 * @throws what listing the bucket throws; the failure of a batch is said, and the next one goes on
 */
export async function redrive(options: RedriveOptions): Promise<RedriveResult> {
  const { resources, bucket, say } = options;
  const batches = new FailedBatches(resources.s3, bucket);
  const planners = new Planners(resources);
  const keys = await batches.keys();
  const undecided: RedriveRecord[] = [];
  const replaced: RedriveRecord[] = [];
  let removed = 0;
  for (const key of keys) {
    try {
      const batch = await batches.read(key);
      const plan = await planners.plan(batch);
      const left = await carryOut(batch, plan, batches, options);
      const named = (ids: readonly string[]) =>
        ids.map((recordId) => ({ key, stream: batch.stream, recordId }));
      if (left.length === 0 && !options.dryRun) removed += 1;
      undecided.push(...named(left));
      if (!options.dryRun) replaced.push(...named(plan.replaced));
    } catch (error) {
      say(`${key}: left: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await planners.close();
  const left = options.dryRun ? 0 : keys.length - removed;
  return { batches: keys.length, removed, left, undecided, replaced };
}

/** @returns ids of the records that nobody can decide about; without any the batch is removed, but in a dry run */
async function carryOut(
  batch: FailedBatch,
  plan: BatchPlan,
  batches: FailedBatches,
  { dryRun, say }: RedriveOptions,
): Promise<readonly string[]> {
  const what = describe(batch, plan);
  if (dryRun) {
    say(`${what}: would be ${plan.undecided.length > 0 ? 'left, its other records redriven' : 'redriven'}`);
    for (const id of plan.undecided) say(`  undecided: ${id}`);
    return plan.undecided;
  }
  const left = [...plan.undecided, ...(await plan.redrive())];
  if (left.length === 0) await batches.remove(batch.key);
  say(`${what}: ${left.length === 0 ? 'redriven' : 'left, its other records redriven'}`);
  for (const id of left) say(`  undecided: ${id}`);
  return left;
}

function describe(batch: FailedBatch, { counts, undecided }: BatchPlan): string {
  const parts = Object.entries({ ...counts, undecided: undecided.length })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  const { functionName, condition, shardId, key } = batch;
  return `${key}: ${functionName}, ${shardId}, ${condition}, ${recordsOf(batch).size} records (${parts.join(', ')})`;
}

/** How to redrive a function's batches, made once for each: an output stream is read from its beginning. */
class Planners {
  readonly #resources: RedriveResources;
  readonly #byFunction = new Map<string, Promise<Planner>>();
  readonly #opened: OuterStreams[] = [];

  constructor(resources: RedriveResources) {
    this.#resources = resources;
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
    if (functionName.endsWith('-draw')) return (batch) => planEntries(batch, this.#resources);
    if (/-(?:archive|live)$/.test(functionName)) return repeatingPlanner(this.#resources);
    const variables = await this.#resources.functions.variablesOf(functionName);
    const isOf = (name: string) => functionName.endsWith(`-${name}`);
    if (!isOf('user-events') && !isOf('lottery-events'))
      throw new Error(`${functionName} is none of the functions that read streams`);
    const planner = isOf('user-events') ? userEventsPlanner : lotteryEventsPlanner;
    const outer = await this.#resources.openOuter(outputsOf(variables));
    this.#opened.push(outer);
    return planner(variables, { ...this.#resources, outer });
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((outer) => outer.close()));
  }
}

/** What outputs would say of the outer streams, as far as the function itself knows it. */
function outputsOf(variables: Readonly<Record<string, string>>): Record<string, string> {
  const { KAFKA_BOOTSTRAP_SERVERS: servers, KAFKA_AUTH = 'none', KAFKA_SECRET_ARN = '' } = variables;
  if (servers === undefined) return {};
  return {
    ...{ Connector: 'kafka', KafkaBootstrapServers: servers },
    ...{ KafkaAuth: KAFKA_AUTH, KafkaSecretArn: KAFKA_SECRET_ARN },
  };
}
