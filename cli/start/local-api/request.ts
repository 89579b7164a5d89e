import type { IncomingMessage } from 'node:http';

/** A larger event does not fit what outcomes hold of it either. */
export const mostBodyBytes = 64 * 1024;

export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * That the page itself asks. By its name of this machine: a site whose own name was made to lead here says that name as Host. By
 * its origin: any other site's requests have theirs. A program on this machine has none, and may do as it likes.
 * @throws RequestError
 */
export function checkOrigin({ headers, socket }: IncomingMessage): void {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${socket.localPort}`);
  const { host = '', origin } = headers;
  if (!hosts.includes(host))
    throw new RequestError(403, 'Only for the page on this machine: Host is another');
  if (origin !== undefined && origin !== `http://${host}`)
    throw new RequestError(403, 'Only for the page on this machine: Origin is another');
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new RequestError(403, 'Only for the page on this machine: the request is of another site');
}

/** @throws RequestError for what is no JSON object, or too large */
export async function jsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  // A form of another site can send no such type without asking first, and nobody allows it.
  if (type.trim().toLowerCase() !== 'application/json')
    throw new RequestError(415, 'Content-Type must be application/json');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) throw new RequestError(413, `The body has more than ${mostBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return objectIn(Buffer.concat(chunks).toString('utf8'));
}

function objectIn(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(400, 'The body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RequestError(400, 'The body is no JSON object');
  return { ...value };
}
