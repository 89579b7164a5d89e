import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { Expectations } from '../../client/expectations.ts';
import { type RedriveRecord, redrive } from '../../client/redrive/redrive.ts';
import type { RedriveResources } from '../../client/redrive/resources.ts';
import type { LotteryResources } from '../../client/resources.ts';
import { standardRetry } from '../../lambda/adapters/retry.ts';
import type { Clock } from '../../local/clock.ts';
import { isObject } from '../../local/event-source-mapping/response.ts';
import { Random } from '../../local/faults/random.ts';
import { FunctionError, type FunctionHost } from '../../local/function-host.ts';
import type { Outage } from './conditions.ts';
import type { LeftOut } from './passed-over.ts';
import { redrivenIn } from './redriven.ts';
import { OPERATOR, type SimulatedRuntime } from './runtime.ts';
import type { Trace } from './trace.ts';

/** Rounds of redriving: a batch may meet a mapping at work on the same keys, and is left then. */
const ROUNDS = 20;
const PAUSE_MS = 1_000;

/** Code that fails at some records, whenever they come, before it has done anything. */
export class BrokenCode {
  readonly #seed: number | string;
  readonly #share: number;
  #isBroken = false;

  constructor(seed: number | string, share: number) {
    this.#seed = seed;
    this.#share = share;
  }

  readonly wrapHost = (host: FunctionHost, functionName: string): FunctionHost => ({
    invoke: async (event) => {
      if (!this.#isBroken || !this.#failsAt(event, functionName)) return host.invoke(event);
      throw new FunctionError(functionName, 'TypeError', 'Broken code');
    },
    close: () => host.close(),
  });

  start(): void {
    this.#isBroken = true;
  }

  repair(): void {
    this.#isBroken = false;
  }

  #failsAt(event: unknown, functionName: string): boolean {
    return idsIn(event).some((id) =>
      new Random(this.#seed, `broken/${functionName}/${id}`).chance(this.#share),
    );
  }
}

/** Of the records of a stream or a topic; messages of a queue have none. */
function idsIn(event: unknown): string[] {
  if (!isObject(event)) return [];
  if (Array.isArray(event.Records))
    return event.Records.flatMap(({ eventID }: { eventID?: string }) => eventID ?? []);
  if (!isObject(event.records)) return [];
  return Object.entries(event.records).flatMap(([partition, records]) =>
    Array.isArray(records) ? records.map(({ offset }: { offset: number }) => `${partition}:${offset}`) : [],
  );
}

export interface OutageOptions {
  readonly runtime: SimulatedRuntime;
  readonly resources: LotteryResources;
  readonly expectations: Expectations;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
}

/** What became of the records that were given up, by their ids. */
export interface Redriven {
  /** Passed over, or put again: nobody has applied them, and nobody will. */
  readonly leftOut: LeftOut;
  /** Of user-events-input: they may have come after their draw. */
  readonly late: ReadonlySet<string>;
}

/**
 * Broken code, an operator who limits the retries to get past it, the repair, and redriving (docs/faults.md).
 * @param play what goes on meanwhile
 */
export async function outage(
  { limits }: Outage,
  code: BrokenCode,
  options: OutageOptions,
  play: () => Promise<void>,
): Promise<Redriven> {
  const { runtime, random } = options;
  await runtime.limitRetries(limits);
  code.start();
  await play();
  // Either all that it fails at is given up by now, or some of it never is.
  if (random.chance(0.5)) await drained(runtime);
  code.repair();
  const redriven = await redriveAll(options);
  await runtime.limitRetries(undefined);
  return redriven;
}

/** @throws Error when a batch cannot be redriven */
async function redriveAll(options: OutageOptions): Promise<Redriven> {
  const { runtime, clock, resources, expectations, trace } = options;
  const bucket = runtime.outputs.ArtifactsBucketName ?? '';
  const redriving = redriveResources(options);
  const late = new Set<string>();
  const leftOut = { lottery: new Set<string>(), user: new Set<string>() };
  const leaveOut = ({ stream, recordId }: RedriveRecord) => {
    const channel = stream === resources.lotteryEventsInput ? 'lottery' : 'user';
    leftOut[channel].add(recordId);
    expectations.giveUp(channel, recordId);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    await drained(runtime);
    for (const id of await redrivenIn(bucket, redriving)) late.add(id);
    const say = (line: string) => trace(() => `redrive: ${line}`);
    const result = await redrive({ resources: redriving, bucket, dryRun: false, say });
    const { removed, left, undecided, replaced } = result;
    for (const record of replaced) leaveOut(record);
    const keys = new Set(undecided.map(({ key }) => key));
    if (removed > 0 || left > keys.size) {
      await clock.sleep(PAUSE_MS);
      continue;
    }
    for (const record of undecided) leaveOut(record);
    // Decided by hand: they do not count.
    for (const Key of keys) await redriving.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    return { leftOut, late };
  }
  throw new Error(`Batches were left after ${ROUNDS} rounds of redriving`);
}

async function drained({ mappings }: SimulatedRuntime): Promise<void> {
  for (const mapping of [...mappings.values()].flat()) {
    if (!mapping.status().sourceArn.includes(':sqs:')) await mapping.drained();
  }
}

export function redriveResources({ runtime, clock, random }: OutageOptions): RedriveResources {
  const { s3, dynamodb, kinesis, sqs } = runtime.clientsOf(OPERATOR);
  const functionOf = (name: string) => {
    const found = runtime.functions.get(name);
    if (found === undefined) throw new Error(`There is no function ${name}`);
    return found;
  };
  return {
    ...{ s3, dynamodb, kinesis, sqs },
    openOuter: async () => runtime.outerOf(OPERATOR),
    functions: {
      variablesOf: async (name) => functionOf(name).variables,
      invoke: (name, event) => functionOf(name).host.invoke(event),
    },
    now: () => clock.now(),
    retry: { ...standardRetry, sleep: (ms) => clock.sleep(ms), random: () => random.next() },
  };
}
