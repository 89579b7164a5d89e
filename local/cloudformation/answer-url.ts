import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { ENGINE_HOST, listen } from '../engines/running-engine.ts';
import { ANSWER_BYTES } from './custom-resource-answer.ts';

/** Where one answer goes, once: nobody else can guess it. */
export interface AnswerUrl {
  readonly url: string;
  /** The text that was put. Rejects when it is too large. */
  readonly answer: Promise<string>;
  /** How often something was put there. */
  readonly count: () => number;
  close(): Promise<void>;
}

export async function openAnswerUrl(): Promise<AnswerUrl> {
  const path = `/answer/${randomBytes(32).toString('base64url')}`;
  const { promise: answer, resolve, reject } = Promise.withResolvers<string>();
  // Whoever waits no longer does not hear of it.
  answer.catch(() => {});
  let count = 0;
  const server = createServer(async (request, response) => {
    if (request.method !== 'PUT' || request.url !== path) {
      response.writeHead(403).end();
      return;
    }
    let text: string | undefined;
    try {
      text = await textOf(request);
    } catch {
      // It broke off: nothing was put, and it may be put again.
      return;
    }
    count += 1;
    const isFirst = count === 1;
    if (isFirst && text === undefined) reject(new Error(`its answer has more than ${ANSWER_BYTES} bytes`));
    if (isFirst && text !== undefined) resolve(text);
    response.writeHead(text === undefined ? 413 : isFirst ? 200 : 403, { connection: 'close' }).end();
  });
  const running = await listen(server, 0);
  return {
    url: `http://${ENGINE_HOST}:${running.port}${path}`,
    answer,
    count: () => count,
    close: () => running.close(),
  };
}

/** @returns undefined when it is too large: the rest is not read */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
