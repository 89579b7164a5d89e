import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { putAnswer } from '../../../lambda/adapters/put-answer.ts';
import { processRequest } from '../../../lambda/functions/receipts-public-key/process.ts';
import { wireReceiptsPublicKey } from '../../../lambda/functions/receipts-public-key/wiring.ts';
import { listen } from '../../../local/engines/running-engine.ts';
import { receiptKey } from '../../support/receipt-key.ts';
import { kmsAnswering, noWaiting } from '../../support/sdk-clients.ts';

const keyArn = 'arn:aws:kms:eu-central-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const url = 'https://answers.example/one?signature=2';
const of = { StackId: 'arn:aws:cloudformation:stack', RequestId: 'request-1', LogicalResourceId: 'Public' };
const create = {
  ...{ ...of, RequestType: 'Create', ResponseURL: url, ServiceToken: 'arn:aws:lambda:function' },
  ...{
    ResourceType: 'Custom::ReceiptsPublicKey',
    ResourceProperties: { KeyId: keyArn, ServiceTimeout: '600' },
  },
};
const PublicKey = Buffer.from(receiptKey, 'base64');
const unasked = () => {
  throw new Error('KMS was asked');
};

interface Given {
  readonly kms?: () => { PublicKey?: Buffer };
  /** Waits for nothing by default: what takes for ever is the test's own. */
  readonly sleep?: (ms: number) => Promise<void>;
  readonly put?: (url: string, body: string) => Promise<void>;
}

/** @returns what was put, and where */
async function answersTo(event: unknown, { kms = () => ({ PublicKey }), sleep, put }: Given = {}) {
  const answers: [url: string, answer: unknown][] = [];
  const waiting = noWaiting();
  const work = wireReceiptsPublicKey({
    kms: kmsAnswering(kms),
    async putAnswer(to, body) {
      await put?.(to, body);
      answers.push([to, JSON.parse(body)]);
    },
    // KMS has all the time it needs unless a test says otherwise.
    retry: {
      ...waiting,
      sleep: sleep ?? ((ms) => (ms >= 20_000 ? new Promise(() => {}) : waiting.sleep(ms))),
    },
  });
  await work(event);
  return answers;
}

const failed = (Reason: unknown, PhysicalResourceId = of.LogicalResourceId) => [
  [url, { ...of, Status: 'FAILED', PhysicalResourceId, Reason }],
];

describe('the function of the key’s public half', () => {
  const update = { ...create, RequestType: 'Update', PhysicalResourceId: 'arn:aws:kms:of-another-key' };

  test.each([
    ['made', create],
    ['changed', update],
  ])('tells it when the resource is %s, which is called as the key', async (_, event) => {
    const answer = { ...of, Status: 'SUCCESS', PhysicalResourceId: keyArn, Data: { PublicKey: receiptKey } };
    expect(await answersTo(event)).toEqual([[url, answer]]);
  });

  test('lets the resource go without asking anybody, whatever it was called', async () => {
    const gone = { ...create, RequestType: 'Delete', PhysicalResourceId: 'Public', ResourceProperties: {} };
    const answer = { ...of, Status: 'SUCCESS', PhysicalResourceId: 'Public' };
    expect(await answersTo(gone, { kms: unasked })).toEqual([[url, answer]]);
  });

  test.each([
    ['throttles', 'ThrottlingException', 'Rate exceeded'],
    ['denies', 'AccessDeniedException', 'not authorized to perform: kms:GetPublicKey'],
  ])('fails with the reason when KMS %s, after some attempts', async (_, name, message) => {
    const kms = () => {
      throw Object.assign(new Error(message), { name });
    };
    expect(await answersTo(create, { kms })).toEqual(failed(`${name}: ${message}`));
    expect(await answersTo(update, { kms })).toEqual(
      failed(`${name}: ${message}`, update.PhysicalResourceId),
    );
  });

  test('fails while there is time when KMS hangs', async () => {
    const answers: unknown[] = [];
    const retry = noWaiting();
    await processRequest(create, {
      publicKeyOf: () => new Promise(() => {}),
      putAnswer: async (to, body) => void answers.push([to, JSON.parse(body)]),
      retry,
    });
    expect(answers).toEqual(failed('Error: KMS did not give the public key within 20 s'));
    expect(retry.pauses).toEqual([20_000]);
  });

  test('fails with a reason that is cut to what CloudFormation takes', async () => {
    const kms = () => {
      throw new Error('\u{1f600}'.repeat(3_000));
    };
    const bodies: string[] = [];
    const put = async (_: string, body: string) => void bodies.push(body);
    expect(await answersTo(create, { kms, put })).toEqual(failed(expect.stringMatching(/^Error: .+…$/u)));
    expect(bodies.map((body) => Buffer.byteLength(body) <= 4_096)).toEqual([true]);
  });

  test.each([
    ['RequestType', { RequestType: 'Undo' }],
    ['ResourceProperties', { ResourceProperties: undefined }],
    ['ResourceProperties.KeyId', { ResourceProperties: { KeyId: 'alias/pen' } }],
    ['ResourceProperties.KeyId', { ResourceProperties: { KeyId: `${keyArn}\nx` } }],
    ['PhysicalResourceId', { RequestType: 'Update' }],
  ])('fails where %s is none, and names it', async (field, change) => {
    const answers = await answersTo({ ...create, ...change }, { kms: unasked });
    const reason = new RegExp(`^TypeError: The request of CloudFormation is none: ${field}: \\S`);
    expect(answers).toEqual(failed(expect.stringMatching(reason)));
  });

  test.each([
    ['ResponseURL', { ResponseURL: 'file:///etc/passwd' }],
    ['StackId', { StackId: '' }],
    ['StackId', { StackId: '\u0000'.repeat(1_000) }],
    ['RequestId', { RequestId: 7 }],
    ['LogicalResourceId', { LogicalResourceId: undefined }],
  ])('throws where there is nobody to tell: %s', async (field, change) => {
    const asking = answersTo({ ...create, ...change }, { kms: unasked });
    await expect(asking).rejects.toThrow(`The request of CloudFormation is none: ${field}: `);
  });

  test('answers again where its answer was not taken, and throws when nobody takes it', async () => {
    let left = 4;
    const put = async () => {
      left -= 1;
      if (left >= 0) throw new Error('503');
    };
    expect(await answersTo(create, { put })).toHaveLength(1);
    left = 5;
    await expect(answersTo(create, { put })).rejects.toThrow('503');
  });
});

describe('an answer', () => {
  /** Puts it to a server. @returns what came there */
  async function put(status: number, headers: Record<string, string> = {}) {
    const came: unknown[] = [];
    const server = createServer(async (request, response) => {
      const { method, headers: sent, url: path } = request;
      came.push([method, path, sent['content-type'], sent['content-length'], await text(request)]);
      response.writeHead(path === '/elsewhere' ? 200 : status, headers).end();
    });
    const { port, close } = await listen(server, 0);
    try {
      await putAnswer(`http://127.0.0.1:${port}/there?X-Amz-Signature=secret`, '{"a":"ä"}');
    } finally {
      await close();
    }
    return came;
  }

  test('is put as bytes of no type, which no signature covers', async () => {
    expect(await put(200)).toEqual([['PUT', '/there?X-Amz-Signature=secret', undefined, '10', '{"a":"ä"}']]);
  });

  test('that is refused is an error, which does not tell the URL; another URL is not followed', async () => {
    await expect(put(403)).rejects.toThrow(/^The answer was refused with status 403$/);
    await expect(put(307, { location: '/elsewhere' })).rejects.toThrow('fetch failed');
  });
});
