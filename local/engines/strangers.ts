import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** What means this machine wherever it is looked up (RFC 6761, 6.3). S3 has the bucket before it: `bucket.localhost`. */
const OWN_NAME = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9.-]+\.)?localhost)(?::\d+)?$/i;

export type StrangeHeader = 'Host' | 'Origin';

/**
 * Has a server answer nothing that another site asks which is open in a browser of this machine. Engines let any site in, by their
 * CORS headers. Such a request has the site's Origin; or, where the site's own name was made to lead here, that name as Host. A
 * program has no Origin, and asks for this machine.
 */
export function refuseStrangers(server: Server): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const strange = strangeHeader(request);
    if (strange !== undefined) refuse(response, strange);
    else for (const listener of listeners) listener(request, response);
  });
}

export function refuse(response: ServerResponse, strange: StrangeHeader): void {
  // What it has not read, it does not read.
  response
    .writeHead(403, { 'content-type': 'text/plain', connection: 'close' })
    .end(`Only for this machine: ${strange} is another\n`);
}

function strangeHeader({ headers: { host = '', origin } }: IncomingMessage): StrangeHeader | undefined {
  if (!OWN_NAME.test(host)) return 'Host';
  return origin === undefined || OWN_NAME.test(origin.replace(/^https?:\/\//, '')) ? undefined : 'Origin';
}
