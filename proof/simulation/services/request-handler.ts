import type { IncomingHttpHeaders } from 'node:http';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';

/** What the SDK gives its request handler, as far as it is looked at. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | ReadableStream;
}

/** An `HttpHandler` of the SDK. */
export interface RequestHandler {
  handle(
    request: SdkRequest,
    /** The SDK's own type of a signal has less than the one that it is given. */
    options?: { readonly abortSignal?: object | undefined },
  ): Promise<{ response: SdkResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/** Delivers a call, and its answer; `'disconnect'`: the connection is closed without one. */
export type Send = (call: AwsCall) => Promise<AwsAnswer | 'disconnect'>;

/**
 * Makes calls of an SDK client's requests, instead of HTTP. What the SDK draws by lot for each request (an id), or
 * reads of its host (the user agent), is left out: the same program makes the same calls.
 * @param caller who it is, as in the scope of a signature: requests are not signed
 */
export function requestHandlerFor(service: string, send: Send, caller = ''): RequestHandler {
  return {
    async handle(request, { abortSignal } = {}) {
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      if (signal?.aborted) throw abortError();
      const answer = await unlessAborted(send(callOf(request, service, caller)), signal);
      if (answer === 'disconnect') throw disconnected();
      return { response: responseOf(answer, request, service) };
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  };
}

function callOf(
  { method, path, query, headers, body }: SdkRequest,
  service: string,
  caller: string,
): AwsCall {
  const { 'x-amz-target': target, 'x-amzn-trace-id': trace, 'content-type': type } = lowerCase(headers);
  const place = path + queryText(query);
  return {
    service,
    caller,
    method,
    path: place,
    operation: target === undefined ? `${method} ${place}` : target.slice(target.lastIndexOf('.') + 1),
    headers: {
      ...(target !== undefined && { 'x-amz-target': target }),
      ...(trace !== undefined && { 'x-amzn-trace-id': trace }),
      ...(type !== undefined && { 'content-type': type }),
    },
    body: bytesOf(body),
  };
}

function lowerCase(headers: SdkRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function queryText(query: SdkRequest['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of typeof value === 'string' || value === null ? [value ?? ''] : value) {
      parameters.append(name, each);
    }
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/** @throws TypeError for a stream: nothing here sends one */
function bytesOf(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError('A body that is neither text nor bytes');
}

function responseOf({ status, headers, body }: AwsAnswer, request: SdkRequest, service: string): SdkResponse {
  // A view of its own: the SDK makes another kind of object of the bytes that it gets.
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  // GetObject alone gives its body to the caller unread, and the SDK takes bytes for no stream.
  const isObject = service === 's3' && request.method === 'GET' && /^\/[^/]+\/./.test(request.path);
  return {
    statusCode: status,
    headers: plain(headers),
    body: isObject && status === 200 ? streamOf(bytes) : bytes,
  };
}

/** The SDK changes the headers that it gets. */
function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function streamOf(bytes: Uint8Array): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

async function unlessAborted<Answer>(
  answer: Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (signal === undefined) return answer;
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError());
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function abortError(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}

/** As Node's own client reports it: the SDK takes it for a passing trouble. */
function disconnected(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}
