import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { LambdaFunctions } from '../../../../cli/redrive/lambda-functions.ts';
import { route } from '../../../../client/event-lines.ts';
import { type OutputEvent, parseOutputEvent } from '../../../../client/output-events.ts';
import { Producer } from '../../../../client/producer.ts';
import { redrive } from '../../../../client/redrive/redrive.ts';
import type { RedriveResources } from '../../../../client/redrive/resources.ts';
import { type LotteryResources, lotteryResources } from '../../../../client/resources.ts';
import { standardRetry } from '../../../../lambda/adapters/retry.ts';
import type { Assembly } from '../../../../local/cloudformation/assembly.ts';
import { isObject } from '../../../../local/event-source-mapping/response.ts';
import { FunctionError, type FunctionHost } from '../../../../local/function-host.ts';
import { startRuntime } from '../../../../local/runtime.ts';
import type { Runtime } from '../../../../local/runtime-options.ts';
import { StreamReader } from '../../../../local/stream-reader.ts';
import { soakContext } from '../../../../proof/soak/options.ts';

import { readStored } from '../../../../proof/soak/tables.ts';
import { buy, click } from '../../../support/client-events.ts';
import { withPatientFunctions } from '../../../support/patient-functions.ts';
import { sharedAssembly } from '../../../support/shared-assembly.ts';

/** How a function fails: before it does anything, or after it did all. */
type Breakage = 'before' | 'after';

/** A pipeline whose mappings give a batch up at its first failure, and whose functions can be broken. */
export class RedriveFixture {
  readonly runtime: Runtime;
  readonly broken: Map<string, Breakage>;
  readonly resources: RedriveResources;
  readonly outputs: OutputEvent[] = [];
  readonly #lambda: LambdaClient;
  readonly #producer: Producer;
  readonly #readers: readonly StreamReader[];
  readonly bucket: string;

  private constructor(runtime: Runtime, broken: Map<string, Breakage>, resources: LotteryResources) {
    this.runtime = runtime;
    this.broken = broken;
    this.#producer = new Producer(runtime.clients.kinesis, resources);
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
    };
  }

  static async start(): Promise<RedriveFixture> {
    const broken = new Map<string, Breakage>();
    const assembly = await sharedAssembly({ environment: 'dev', context: soakContext('dev') });
    const runtime = await startRuntime({
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

  /** Waits until an output event is there for which the condition holds. @throws Error that says what is missing */
  output(what: string, condition: (event: OutputEvent) => boolean): Promise<OutputEvent> {
    return within(`an output event: ${what}`, async () => {
      await this.read();
      return this.outputs.find(condition);
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
   * Waits for the failed batch that holds this record or entry: any other may be in the bucket before it.
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

/** In production batches are tried again without limit. */
function withoutRetries(assembly: Assembly): Assembly {
  for (const { template } of assembly.stacks) {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      const isStreamMapping = Type === 'AWS::Lambda::EventSourceMapping' && 'StartingPosition' in Properties;
      if (isStreamMapping) Properties.MaximumRetryAttempts = 0;
    }
  }
  return assembly;
}

/**
 * The invocation that ends a window passes, broken or not: it has no records to give up, so that it would be tried
 * until it succeeds, and the batch that a test waits for is behind it.
 */
function breakable(host: FunctionHost, functionName: string, broken: Map<string, Breakage>): FunctionHost {
  return {
    async invoke(event) {
      const how = broken.get(functionName);
      if (how === undefined || endsWindow(event)) return host.invoke(event);
      if (how === 'after') await host.invoke(event);
      throw new FunctionError(functionName, 'Error', 'The function is broken');
    },
    close: () => host.close(),
  };
}

function endsWindow(event: unknown): boolean {
  return isObject(event) && event.isFinalInvokeForWindow === true;
}
