import { Server } from 'node:net';
import { startFauxqs } from 'fauxqs';
import { ENGINE_HOST, type EngineOptions, engineDirectory, type RunningEngine } from './running-engine.ts';

/** SQS and S3 on one port. */
export async function startFauxqsEngine({ port, dataDir }: EngineOptions): Promise<RunningEngine> {
  listenOnLoopbackOnly();
  const server = await startFauxqs({
    port,
    logger: false,
    ...(dataDir === undefined ? {} : { dataDir: engineDirectory(dataDir, 'sqs-s3') }),
  });
  return { port: server.port, close: () => server.stop() };
}

/**
 * fauxqs listens on all addresses and has no option for it. Its thread has nothing else that listens and a
 * `node:net` of its own, so that the address is put right here, for this thread alone.
 */
function listenOnLoopbackOnly(): void {
  const listen = Server.prototype.listen;
  Server.prototype.listen = function (this: Server, ...parameters: unknown[]) {
    const [options, ...rest] = parameters;
    if (typeof options !== 'object' || options === null || !('port' in options)) {
      throw new Error('fauxqs listens in an unknown way: its address cannot be restricted');
    }
    return Reflect.apply(listen, this, [{ ...options, host: ENGINE_HOST }, ...rest]) as Server;
  };
}
