import type { KafkaClient } from '../../lambda/adapters/kafka/kafka-client.ts';
import { standardRetry } from '../../lambda/adapters/retry.ts';
import type { Resources } from '../../lambda/functions/resources.ts';
import type { Telemetry } from '../../lambda/ports/telemetry.ts';
import { Random } from '../../local/faults/random.ts';
import type { AwsCall } from '../../local/proxy/aws-call.ts';
import { fetchingBy, verifiedBefore } from './beacon.ts';
import { simulatedKafkaClient } from './kafka/client.ts';
import type { Network } from './network.ts';
import type { Scheduler } from './scheduler.ts';
import { simulatedClients } from './services/index.ts';
import { retrying } from './services/retrying.ts';
import type { SimulatedEnvironment } from './simulated-host.ts';

/** Clocks of hosts differ by up to this from that of the services, either way, ms. */
const CLOCK_SKEW_MS = 250;
/** A call that takes longer is given up (lambda/adapters/clients.ts). */
const REQUEST_TIMEOUT_MS = 5_000;
/** Of a call, as the functions' clients have it. */
const ATTEMPTS = 4;

export interface EnvironmentResourcesOptions {
  readonly scheduler: Scheduler;
  readonly seed: number | string;
  readonly telemetry: Telemetry;
  readonly network: Network;
  readonly region: string;
}

/** Kafka, as an execution environment has it. */
export function kafkaOf(
  environment: SimulatedEnvironment,
  { scheduler, network }: Pick<EnvironmentResourcesOptions, 'scheduler' | 'network'>,
): KafkaClient {
  return simulatedKafkaClient({
    send: (call) => withinTimeout(scheduler, network, call, () => environment.isAlive),
    caller: environment.id,
  });
}

/** AWS, time and chance, as an execution environment has them: nothing comes back to one that has died. */
export function resourcesOf(
  environment: SimulatedEnvironment,
  { scheduler, seed, telemetry, network, region }: EnvironmentResourcesOptions,
): Resources {
  const random = new Random(seed, environment.id);
  const skew = (random.next() * 2 - 1) * CLOCK_SKEW_MS;
  const isAlive = () => environment.isAlive;
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      scheduler.after(ms, () => {
        if (isAlive()) resolve();
      });
    });
  const { dynamodb, kinesis, sqs, s3, kms } = simulatedClients({
    ...{ region, caller: environment.id },
    cacheMiddleware: true,
    send: (call) => withinTimeout(scheduler, network, traced(call, environment), isAlive),
    retryStrategy: retrying({ attempts: ATTEMPTS, sleep, random: () => random.next() }),
  });
  return {
    ...{ dynamo: dynamodb, kinesis, sqs, s3, kms, telemetry },
    now: () => Math.floor(scheduler.now + skew),
    fetch: fetchingBy({ scheduler, network, caller: environment.id, isAlive }),
    verifyBeacon: verifiedBefore,
    retry: { ...standardRetry, sleep, random: () => random.next() },
    newSeed: () => Array.from({ length: 64 }, () => random.below(16).toString(16)).join(''),
  };
}

/** The SDK takes the header from a variable of the process, of which there is one here. */
function traced(call: AwsCall, { traceHeader }: SimulatedEnvironment): AwsCall {
  if (traceHeader === undefined) return call;
  return { ...call, headers: { ...call.headers, 'x-amzn-trace-id': traceHeader } };
}

function withinTimeout(scheduler: Scheduler, network: Network, call: AwsCall, isAlive: () => boolean) {
  return new Promise<Awaited<ReturnType<Network['send']>>>((resolve, reject) => {
    const cancel = scheduler.after(REQUEST_TIMEOUT_MS, () => {
      if (isAlive()) reject(Object.assign(new Error('The call took too long'), { name: 'TimeoutError' }));
    });
    network
      .send(call, isAlive)
      .then(resolve, reject)
      .finally(() => cancel());
  });
}
