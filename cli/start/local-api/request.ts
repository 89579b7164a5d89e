import type { IncomingMessage } from 'node:http';
import { strangeHeader } from '../../../local/page/strangers.ts';

/** A larger event does not fit what outcomes hold of it either. */
export const mostBodyBytes = 64 * 1024;

export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** That the page itself asks, or a program on this machine. @throws RequestError */
export function checkOrigin(request: IncomingMessage): void {
  const strange = strangeHeader(request);
  if (strange !== undefined)
    throw new RequestError(403, `Only for the page on this machine: ${strange} is another`);
  const site = request.headers['sec-fetch-site'];
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
