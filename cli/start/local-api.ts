/**
 * What the page may do on this machine beside looking: put an event, and see the pipeline. For the page alone: another site that
 * is open in the same browser can reach this port as well, and must get nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import type { Clock } from '../../local/clock.ts';
import { systemClock } from '../../local/clock.ts';
import type { FaultLog } from '../../local/faults/kinds.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import type { Activity } from './local-api/activity.ts';
import { Exchange } from './local-api/exchange.ts';
import { Pipeline } from './local-api/pipeline.ts';
import { checkOrigin, jsonBody, RequestError } from './local-api/request.ts';

export interface LocalApiOptions {
  readonly runtime: Runtime;
  readonly outer: OuterStreams;
  /** Told of the runtime's events by whoever observes it. */
  readonly activity: Activity;
  /** Where faults are injected. */
  readonly faults?: FaultLog;
  /** Ends what waits. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** @returns whether the request is one of the API's: it answers it then */
export type LocalApi = (request: IncomingMessage, response: ServerResponse) => boolean;

type Action = (request: IncomingMessage) => Promise<object>;

export function localApi({ clock = systemClock, ...options }: LocalApiOptions): LocalApi {
  const exchange = new Exchange({ ...options, clock });
  const pipeline = new Pipeline({ ...options, clock });
  const actions: Readonly<Record<string, Action>> = {
    'POST /local/events': async (request) => exchange.put(await jsonBody(request)),
    'GET /local/pipeline': () => pipeline.state(),
  };
  const paths = new Set(Object.keys(actions).map((name) => name.split(' ')[1]));
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (!path.startsWith('/local/')) return false;
    const action = actions[`${request.method} ${path}`];
    void answer(request, response, async () => {
      checkOrigin(request);
      if (action === undefined)
        throw paths.has(path)
          ? new RequestError(405, `${path} does not take ${request.method}`)
          : new RequestError(404, `There is no ${path}`);
      return await action(request);
    });
    return true;
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  act: () => Promise<object>,
): Promise<void> {
  try {
    say(response, 200, await act());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // What it has not read, it does not read.
    if (!request.complete) response.setHeader('connection', 'close');
    say(response, error instanceof RequestError ? error.status : 500, { message });
  }
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(JSON.stringify(body));
}
