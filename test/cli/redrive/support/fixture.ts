import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { LambdaFunctions } from '../../../../cli/redrive/lambda-functions.ts';
import { route } from '../../../../client/event-lines.ts';
import { type OutputEvent, parseOutputEvent } from '../../../../client/output-events.ts';
import { ownBeacon } from '../../../../client/own-beacon.ts';
import { Producer } from '../../../../client/producer.ts';
import { redrive } from '../../../../client/redrive/redrive.ts';
import type { RedriveResources } from '../../../../client/redrive/resources.ts';
import { type LotteryResources, lotteryResources } from '../../../../client/resources.ts';
import { KinesisStreams } from '../../../../client/streams/kinesis-streams.ts';
import { standardRetry } from '../../../../lambda/adapters/retry.ts';
import { isObject } from '../../../../local/event-source-mapping/response.ts';
import { FunctionError, type FunctionHost } from '../../../../local/function-host.ts';
import { startRuntime } from '../../../../local/runtime.ts';
import type { Runtime } from '../../../../local/runtime-options.ts';
import { StreamReader } from '../../../../local/stream-reader.ts';

import { readStored } from '../../../../proof/soak/tables.ts';
import { buy, click } from '../../../support/client-events.ts';
import { withPatientFunctions } from '../../../support/patient-functions.ts';
import { drawnAtOnce, sharedAssembly } from '../../../support/shared-assembly.ts';
import { withoutRetries } from '../../../support/without-retries.ts';

/** A function that fails: before it does anything, or after it did all. */
interface Breakage {
  readonly functionName: string;
  readonly how: 'before' | 'after';
  /** Fails at batches with a record of this partition key only; absent: at all. */
  readonly key?: string;
}

/** What is broken just now: one function, at most. */
interface Broken {
  current: Breakage | undefined;
}

/** A pipeline whose mappings give a batch up at its first failure, and whose functions can be broken. */
export class RedriveFixture {
  readonly runtime: Runtime;
  readonly #broken: Broken;
  readonly resources: RedriveResources;
  readonly outputs: OutputEvent[] = [];
  readonly #lambda: LambdaClient;
  readonly #producer: Producer;
  readonly #readers: readonly StreamReader[];
  readonly bucket: string;

  private constructor(runtime: Runtime, broken: Broken, resources: LotteryResources) {
    this.runtime = runtime;
    this.#broken = broken;
    this.#producer = new Producer(new KinesisStreams(runtime.clients.kinesis), resources);
    this.#readers = [resources.userEventsOutput, resources.lotteryEventsOutput].map(
      (stream) => new StreamReader(runtime.clients.kinesis, stream),
    );
    this.bucket = runtime.outputs.ArtifactsBucketName ?? '';
    const credentials = { accessKeyId: 'redrive', secretAccessKey: 'redrive' };
    this.#lambda = new LambdaClient({
      ...{ region: runtime.region, endpoint: runtime.lambdaEndpoint, credentials, maxAttempts: 1 },
    });
    this.resources = {
      ...runtime.clients,
      ...{ functions: new LambdaFunctions(this.#lambda), now: Date.now, retry: standardRetry },
      openOuter: async () => new KinesisStreams(runtime.clients.kinesis),
    };
  }

  static async start(): Promise<RedriveFixture> {
    const broken: Broken = { current: undefined };
    const assembly = await sharedAssembly(drawnAtOnce);
    const runtime = await startRuntime({
      ...ownBeacon,
      assembly: withoutRetries(withPatientFunctions(assembly)),
      emulation: { idleWindowCloseMs: 1_000 },
      wrapHost: (host, functionName) => breakable(host, functionName, broken),
    });
    return new RedriveFixture(runtime, broken, lotteryResources(runtime));
  }

  async put(event: object): Promise<string> {
    const text = JSON.stringify(event);
    return this.#producer.put({ ...route(text), data: Buffer.from(text) });
  }

  buy(userId: number): Promise<string> {
    return this.put(buy(userId, 10));
  }

  click(userId: number, lotteryId = 1): Promise<string> {
    return this.put(click(userId, Date.now(), lotteryId));
  }

  /** A click of each of these users, by one call: they arrive at a time. */
  clicks(...userIds: number[]): Promise<string[]> {
    const now = Date.now();
    const lines = userIds.map((userId) => {
      const text = JSON.stringify(click(userId, now));
      return { ...route(text), data: Buffer.from(text) };
    });
    return this.#producer.putAll('user', lines);
  }

  /** Until `repair`. */
  breakFor(functionName: string, userId: number, how: Breakage['how']): void {
    this.#broken.current = { functionName, how, key: String(userId) };
  }

  /** Until `repair`. */
  breakAll(functionName: string): void {
    this.#broken.current = { functionName, how: 'before' };
  }

  repair(): void {
    this.#broken.current = undefined;
  }

  /** Waits until an output event is there for which the condition holds. @throws Error that says what is missing */
  output(what: string, condition: (event: OutputEvent) => boolean): Promise<OutputEvent> {
    return within(`an output event: ${what}`, async () => {
      await this.read();
      return this.outputs.find(condition);
    });
  }

  /** As `output`. */
  ofType<Type extends OutputEvent['type']>(
    type: Type,
    condition: (event: Extract<OutputEvent, { type: Type }>) => boolean,
  ): Promise<Extract<OutputEvent, { type: Type }>> {
    const isIt = (event: OutputEvent): event is Extract<OutputEvent, { type: Type }> => event.type === type;
    return within(`an output event: ${type}, ${condition}`, async () => {
      await this.read();
      return this.outputs.filter(isIt).find(condition);
    });
  }

  async read(): Promise<void> {
    for (const reader of this.#readers) {
      for (const { data } of await reader.poll()) {
        const event = parseOutputEvent(data);
        if (event) this.outputs.push(event);
      }
    }
  }

  /** The keys in the bucket, as it is now. */
  async keys(): Promise<string[]> {
    const { Contents = [] } = await this.runtime.clients.s3.send(
      new ListObjectsV2Command({ Bucket: this.bucket }),
    );
    return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
  }

  /**
   * Waits for the failed batch that holds this: an id, or what is in the data of a record. Any other may be before it.
   * @returns its key
   * @throws Error that says what is missing
   */
  failedBatchOf(id: string): Promise<string> {
    return within(`a failed batch with ${id}`, async () => {
      for (const key of await this.keys()) if (holds(await this.object(key), id)) return key;
      return undefined;
    });
  }

  async object(key: string): Promise<string> {
    const { Body } = await this.runtime.clients.s3.send(
      new GetObjectCommand({ Bucket: this.bucket, Key: key }),
    );
    return (await Body?.transformToString()) ?? '';
  }

  async coupons(): Promise<Record<string, number>> {
    const { users } = await readStored(this.runtime);
    return Object.fromEntries(users.map(({ userId, coupons }) => [userId, coupons]));
  }

  async redrive(dryRun = false) {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const result = await redrive({ resources: this.resources, bucket: this.bucket, dryRun, say });
    return { ...result, lines };
  }

  async stop(): Promise<void> {
    this.#lambda.destroy();
    await this.runtime.stop();
  }
}

/** Shorter than the tests' own time-out, which names nothing. */
const PATIENCE_MS = 180_000;
const POLL_MS = 20;

async function within<Found>(what: string, find: () => Promise<Found | undefined>): Promise<Found> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Not there after ${PATIENCE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Ids of the batch's own records are there as text; what is in their data is in base64. */
function holds(object: string, id: string): boolean {
  if (object.includes(id)) return true;
  const data = object.matchAll(/\bdata\\*":\s*\\*"([\w+/=]+)/g);
  return [...data].some(([, base64 = '']) => Buffer.from(base64, 'base64').includes(id));
}

/**
 * The invocation that ends a window passes, broken or not: it has no records to give up, so that it would be tried
 * until it succeeds, and the batch that a test waits for is behind it.
 */
function breakable(host: FunctionHost, functionName: string, broken: Broken): FunctionHost {
  return {
    async invoke(event) {
      const { current } = broken;
      const isBroken = current?.functionName === functionName && holdsKey(event, current.key);
      if (!isBroken || endsWindow(event)) return host.invoke(event);
      if (current.how === 'after') await host.invoke(event);
      throw new FunctionError(functionName, 'Error', 'The function is broken');
    },
    close: () => host.close(),
  };
}

function holdsKey(event: unknown, key: string | undefined): boolean {
  return key === undefined || JSON.stringify(event).includes(`"partitionKey":"${key}"`);
}

function endsWindow(event: unknown): boolean {
  return isObject(event) && event.isFinalInvokeForWindow === true;
}
