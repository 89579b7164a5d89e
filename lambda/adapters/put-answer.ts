import { requestTimeoutMs } from '../contract/waiting.ts';

/** PUT of a text. @throws Error when it is not taken */
export type PutAnswer = (url: string, body: string) => Promise<void>;

/**
 * PUT by HTTP, to a URL that somebody has signed. Bytes, and so no type of content: it would have to be among what was
 * signed (AWS CloudFormation User Guide, cfn-response). The URL is the right to answer: no error tells it.
 */
export const putAnswer: PutAnswer = async (url, body) => {
  const signal = AbortSignal.timeout(requestTimeoutMs);
  const { status } = await fetch(url, {
    ...{ method: 'PUT', redirect: 'error', signal },
    body: new TextEncoder().encode(body),
  });
  if (status < 200 || status > 299) throw new Error(`The answer was refused with status ${status}`);
};
