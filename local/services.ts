import type { Cleanup } from './cleanup.ts';
import { type Endpoints, type EngineName, startEngines } from './engines/index.ts';
import type { Authorizer } from './iam/authorizer.ts';
import { guardCalls } from './iam/guard.ts';
import type { Interceptor } from './proxy/aws-call.ts';
import { startProxy } from './proxy/proxy.ts';
import type { RuntimeSettings } from './runtime-options.ts';

export interface ServicesOptions
  extends Pick<RuntimeSettings, 'port' | 'dataDir' | 'intercept' | 'observer'> {
  region: string;
  accountId: string;
  authorizer: Authorizer | undefined;
  onStreamWrite(): void;
}

/** Where the services are: for everybody, and for the functions where their calls are checked apart. */
export interface Services {
  endpoints: Endpoints;
  functionEndpoints: Endpoints;
}

/**
 * The engines and what stands before them: with an interceptor a proxy before each, on the ports that everybody knows. To
 * check rights, proxies that the functions alone know are enough, so that what is put and polled, most of the bytes, goes
 * straight to the engines; but not for SQS, whose queue's URLs say where a call goes, and S3 with it.
 */
export async function startServices(options: ServicesOptions, cleanup: Cleanup): Promise<Services> {
  const { port = 0, intercept, authorizer, observer, ...engineOptions } = options;
  const engines = await startEngines({
    ...engineOptions,
    ...{ port, behindProxy: behindProxy(options) },
    onFailure: (error) => observer?.({ type: 'engineFailed', error }),
  });
  cleanup.add(() => engines.stop());
  const before = async (service: 'kinesis' | 'dynamodb' | 'sqs', at: number, interceptor: Interceptor) => {
    const proxy = await startProxy(engines.endpoints[service], at, interceptor);
    cleanup.add(() => proxy.stop());
    return proxy.endpoint;
  };
  const portOf = (offset: number) => (port === 0 ? 0 : port + offset);
  const interceptor = authorizer ? guardCalls(authorizer, intercept) : intercept;
  if (interceptor === undefined)
    return { endpoints: engines.endpoints, functionEndpoints: engines.endpoints };
  const [kinesis, dynamodb, sqs] = await Promise.all([
    before('kinesis', intercept ? portOf(0) : 0, interceptor),
    before('dynamodb', intercept ? portOf(1) : 0, interceptor),
    before('sqs', portOf(2), interceptor),
  ]);
  const functionEndpoints = { kinesis, dynamodb, sqs, s3: sqs };
  return {
    endpoints: intercept ? functionEndpoints : { ...engines.endpoints, sqs, s3: sqs },
    functionEndpoints,
  };
}

function behindProxy({ intercept, authorizer }: ServicesOptions): readonly EngineName[] {
  if (intercept) return ['kinesalite', 'dynalite', 'fauxqs'];
  return authorizer ? ['fauxqs'] : [];
}
