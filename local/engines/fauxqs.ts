import { Server as HttpServer } from 'node:http';
import { Server } from 'node:net';
import { startFauxqs } from 'fauxqs';
import { guarded } from '../proxy/aws-call.ts';
import { startProxy } from '../proxy/proxy.ts';
import { refuseMessages } from './message-limits.ts';
import { ENGINE_HOST, type EngineOptions, engineDirectory, type RunningEngine } from './running-engine.ts';
import { refuseStrangers } from './strangers.ts';
import { keepTraceHeaders } from './trace-headers.ts';

/** SQS and S3 on one port. */
export async function startFauxqsEngine({ port, dataDir }: EngineOptions): Promise<RunningEngine> {
  const server = await onLoopbackOnly(() =>
    startFauxqs({
      port: 0,
      logger: false,
      ...(dataDir === undefined ? {} : { dataDir: engineDirectory(dataDir, 'sqs-s3') }),
    }),
  );
  const intercept = guarded(refuseMessages, keepTraceHeaders);
  const front = await startProxy(`http://${ENGINE_HOST}:${server.port}`, port, intercept);
  return {
    port: front.port,
    async close() {
      await front.stop();
      await server.stop();
    },
  };
}

/**
 * fauxqs listens on all addresses and has no option for it. Nothing else in its thread begins to listen meanwhile, and
 * the thread has a `node:net` of its own, so that both are put right here: the address, and who may ask.
 */
async function onLoopbackOnly<Result>(start: () => Promise<Result>): Promise<Result> {
  const listen = Server.prototype.listen;
  Server.prototype.listen = function (this: Server, ...parameters: unknown[]) {
    const [options, ...rest] = parameters;
    if (typeof options !== 'object' || options === null || !('port' in options)) {
      throw new Error('fauxqs listens in an unknown way: its address cannot be restricted');
    }
    if (this instanceof HttpServer) refuseStrangers(this);
    return Reflect.apply(listen, this, [{ ...options, host: ENGINE_HOST }, ...rest]) as Server;
  };
  try {
    return await start();
  } finally {
    Server.prototype.listen = listen;
  }
}
