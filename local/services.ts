import type { RequestListener } from 'node:http';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Cleanup } from './cleanup.ts';
import { systemClock } from './clock.ts';
import { mirrorsAt } from './drand/mirrors.ts';
import { type Endpoints, type EngineName, type StreamWrites, startEngines } from './engines/index.ts';
import type { Authorizer } from './iam/authorizer.ts';
import { guardCalls } from './iam/guard.ts';
import { keyFiles } from './kms/key-files.ts';
import { Kms } from './kms/kms.ts';
import { type PagePort, startPagePort } from './page/page-port.ts';
import type { Interceptor } from './proxy/aws-call.ts';
import { listenerOf, startProxy } from './proxy/proxy.ts';
import type { OwnBeacon, RuntimeSettings } from './runtime-options.ts';
import { startSharedPort } from './shared-port.ts';

export interface ServicesOptions
  extends Pick<RuntimeSettings, 'port' | 'dataDir' | 'intercept' | 'observer'> {
  region: string;
  accountId: string;
  authorizer: Authorizer | undefined;
  /** Lambda's API. */
  lambda: RequestListener;
  /** CloudFormation's. */
  cloudFormation: RequestListener;
  /** Asked for when somebody looks at the page. */
  s3(): S3Client;
  /** Whether there is a drand chain of the runtime's own. */
  hasBeacon: boolean;
  onStreamWrite(records: StreamWrites): void;
}

/** One URL per service. KMS, Lambda, CloudFormation and the beacon share theirs. */
export interface ServiceEndpoints extends Endpoints {
  kms: string;
}

/** Where the services are: for everybody, and for the functions where their calls are checked apart. */
export interface Services {
  endpoints: ServiceEndpoints;
  functionEndpoints: ServiceEndpoints;
  lambdaEndpoint: string;
  kms: Kms;
  beacon: OwnBeacon | undefined;
  page: PagePort;
}

/** Of the engines, in the order of their ports; what is played in this thread has the two after them. */
const PORTS = { kinesis: 0, dynamodb: 1, sqs: 2, shared: 3, page: 4 } as const;

/**
 * The engines and what stands before them: with an interceptor a proxy before each, on the ports that everybody knows. To
 * check rights, proxies that the functions alone know are enough, so that what is put and polled, most of the bytes, goes
 * straight to the engines; but not for SQS, whose queue's URLs say where a call goes, and S3 with it.
 */
export async function startServices(options: ServicesOptions, cleanup: Cleanup): Promise<Services> {
  const { port = 0, intercept, authorizer, observer, region, accountId, dataDir, onStreamWrite } = options;
  const engines = await startEngines({
    ...{ port, region, accountId, dataDir, onStreamWrite, behindProxy: behindProxy(options) },
    onFailure: (error) => observer?.({ type: 'engineFailed', error }),
  });
  cleanup.add(() => engines.stop());
  const before = async (service: 'kinesis' | 'dynamodb' | 'sqs', at: number, interceptor: Interceptor) => {
    const proxy = await startProxy(engines.endpoints[service], at, interceptor);
    cleanup.add(() => proxy.stop());
    return proxy.endpoint;
  };
  const portOf = (service: keyof typeof PORTS) => (port === 0 ? 0 : port + PORTS[service]);
  const interceptor = authorizer ? guardCalls(authorizer, intercept) : intercept;
  const shared = await playHere(options, interceptor, portOf('shared'), cleanup);
  const page = await startPagePort({ port: portOf('page'), interceptor, s3: options.s3 });
  cleanup.add(() => page.stop());
  const played = { ...shared, page };
  const kms = played.lambdaEndpoint;
  if (interceptor === undefined) {
    const endpoints = { ...engines.endpoints, kms };
    return { ...played, endpoints, functionEndpoints: endpoints };
  }
  const [kinesis, dynamodb, sqs] = await Promise.all([
    before('kinesis', intercept ? portOf('kinesis') : 0, interceptor),
    before('dynamodb', intercept ? portOf('dynamodb') : 0, interceptor),
    before('sqs', portOf('sqs'), interceptor),
  ]);
  const functionEndpoints = { kinesis, dynamodb, sqs, s3: sqs, kms };
  return {
    ...played,
    endpoints: intercept ? functionEndpoints : { ...engines.endpoints, sqs, s3: sqs, kms },
    functionEndpoints,
  };
}

/** What has no engine. The directory of kept data is this process's own by now. */
async function playHere(
  { region, accountId, dataDir, lambda, cloudFormation, intercept, hasBeacon }: ServicesOptions,
  interceptor: Interceptor | undefined,
  port: number,
  cleanup: Cleanup,
): Promise<Pick<Services, 'kms' | 'beacon' | 'lambdaEndpoint'>> {
  const kms = new Kms({ region, accountId }, keyFiles(dataDir));
  const beacon = hasBeacon ? await openBeacon(dataDir, intercept) : undefined;
  const listener = listenerOf(interceptor, async (call) => kms.answer(call));
  const shared = await startSharedPort(
    { lambda, cloudFormation, kms: listener, drand: beacon?.listener },
    port,
  );
  cleanup.add(() => shared.stop());
  return {
    kms,
    beacon: beacon && { chain: beacon.chain, urls: mirrorsAt(shared.endpoint) },
    lambdaEndpoint: shared.endpoint,
  };
}

async function openBeacon(dataDir: string | undefined, intercept: Interceptor | undefined) {
  // With the curve that it needs: who has no beacon does not wait for that.
  const [{ openChain }, { drandListener }] = await Promise.all([
    import('./drand/chain-file.ts'),
    import('./drand/listener.ts'),
  ]);
  // Functions have the machine's time whatever clock the runtime is given: the chain has theirs.
  const now = () => systemClock.now();
  const chain = openChain(dataDir, now());
  return { chain: chain.info, listener: drandListener(chain, now, intercept) };
}

function behindProxy({ intercept, authorizer }: ServicesOptions): readonly EngineName[] {
  if (intercept) return ['kinesalite', 'dynalite', 'fauxqs'];
  return authorizer ? ['fauxqs'] : [];
}
