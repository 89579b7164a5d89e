import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** A request that has no answer by then has none: what it waits for is lost. */
const PATIENCE_MS = 10_000;

/** kinesalite ends some work after its answer: it trims what is too old, and makes a stream active. */
const AFTER_ANSWER_MS = 100;

/**
 * Makes `close` wait for the requests under way, also for those whose client has gone away; what still comes meanwhile
 * is cut off. kinesalite closes its store first, and leveldown ends the process (SIGSEGV) when a store is used after it
 * was closed, as by a read of several steps.
 */
export function closeWhenQuiet(server: Server): void {
  const underWay = new Set<ServerResponse>();
  const listeners = server.listeners('request') as RequestListener[];
  const close = server.close.bind(server);
  let onQuiet: (() => void) | undefined;
  const ended = (response: ServerResponse) => {
    underWay.delete(response);
    if (underWay.size === 0) onQuiet?.();
  };

  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (onQuiet) {
      request.socket.destroy();
      return;
    }
    underWay.add(response);
    // Not the response's own events: without a client it never finishes, and closes before its work is done.
    onEnd(response, () => ended(response));
    // Before kinesalite hears of it, and throws: then no other listener is told, nor that the request is closed.
    request.once('error', () => {
      if (!request.complete) ended(response);
    });
    for (const listener of listeners) listener(request, response);
  });

  server.on('connection', (socket) => {
    if (onQuiet) socket.destroy();
  });

  server.close = (callback) => {
    const timer = setTimeout(() => onQuiet?.(), PATIENCE_MS);
    onQuiet = () => {
      clearTimeout(timer);
      onQuiet = () => {};
      setTimeout(() => close(callback), AFTER_ANSWER_MS);
    };
    if (underWay.size === 0) onQuiet();
    return server;
  };
}

function onEnd(response: ServerResponse, action: () => void): void {
  const end = response.end;
  response.end = function (this: ServerResponse, ...parameters: unknown[]) {
    const ended = Reflect.apply(end, this, parameters) as ServerResponse;
    action();
    return ended;
  };
}
