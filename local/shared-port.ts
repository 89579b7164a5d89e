import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { isForCloudFormation } from './cloudformation/stacks-api.ts';
import { isForDrand } from './drand/mirrors.ts';
import { PortTakenError } from './engines/engine.ts';
import { SHARED_LISTENER } from './engines/index.ts';
import { ENGINE_HOST, listen } from './engines/running-engine.ts';
import { KMS_TARGET } from './kms/kms.ts';

/** What is played in this thread, each by its requests. */
export interface PlayedHere {
  readonly lambda: RequestListener;
  readonly kms: RequestListener;
  readonly cloudFormation: RequestListener;
  /** Undefined where there is no chain. */
  readonly drand: RequestListener | undefined;
}

export interface SharedPort {
  endpoint: string;
  stop(): Promise<void>;
}

/**
 * One port for all of it: calls of KMS have their target, those of CloudFormation are forms, requests to the chain have their
 * paths, and the rest is Lambda's.
 * @param port 0 takes a free one. @throws PortTakenError, or the server's own error.
 */
export async function startSharedPort(played: PlayedHere, port: number): Promise<SharedPort> {
  const server = createServer((request, response) => listenerFor(request, played)(request, response));
  const running = await listen(server, port).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new PortTakenError(port, SHARED_LISTENER) : error;
  });
  return { endpoint: `http://${ENGINE_HOST}:${running.port}`, stop: () => running.close() };
}

function listenerFor(
  request: IncomingMessage,
  { lambda, kms, cloudFormation, drand }: PlayedHere,
): RequestListener {
  if (request.headers['x-amz-target']?.toString().startsWith(KMS_TARGET)) return kms;
  if (isForCloudFormation(request)) return cloudFormation;
  return drand !== undefined && isForDrand(request) ? drand : lambda;
}
