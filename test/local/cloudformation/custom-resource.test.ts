import { request } from 'node:http';
import { expect, it } from 'vitest';
import { createClients } from '../../../local/clients.ts';
import { systemClock } from '../../../local/clock.ts';
import { askFunction } from '../../../local/cloudformation/ask-function.ts';
import { deploy } from '../../../local/cloudformation/deploy.ts';
import type { Account } from '../../../local/cloudformation/emulator.ts';
import { parseTemplate } from '../../../local/cloudformation/template.ts';

const nowhere = 'http://127.0.0.1:1';
const endpoints = { kinesis: nowhere, dynamodb: nowhere, sqs: nowhere, s3: nowhere };
const token = 'arn:aws:lambda:us-east-1:000000000000:function:maker';

interface Asked {
  readonly ResponseURL: string;
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
}

type Maker = (event: Asked) => Promise<unknown>;

const put = (url: string, body: string) => fetch(url, { method: 'PUT', body });

/** Says that it is there. */
const answering =
  (answer: object = {}): Maker =>
  ({ ResponseURL, ...event }) =>
    put(
      ResponseURL,
      JSON.stringify({ ...event, Status: 'SUCCESS', PhysicalResourceId: 'mill-1', Data: {}, ...answer }),
    );

/** Deploys a resource that the function makes. @returns what came of it, and what the function got */
async function deployed(maker: Maker, properties: object = {}, Type = 'Custom::Mill') {
  const events: Asked[] = [];
  const account: Account = {
    ...{ region: 'us-east-1', accountId: '000000000000', endpoints, warn: () => {} },
    ...{ clients: createClients(endpoints, 'us-east-1'), assetPath: () => undefined },
    ...{ createFunction: () => {}, createMapping: () => {} },
    askFunction: (ask) =>
      askFunction(ask, {
        clock: systemClock,
        invoke(event) {
          // As Lambda hands it over.
          const copy: Asked = JSON.parse(JSON.stringify(event));
          events.push(copy);
          return maker(copy);
        },
      }),
  };
  const Properties = { ServiceToken: token, ServiceTimeout: '30', ...properties };
  const template = parseTemplate('mills', {
    Resources: { Mill: { Type, Properties } },
    Outputs: { Id: { Value: { Ref: 'Mill' } }, Speed: { Value: { 'Fn::GetAtt': ['Mill', 'Speed'] } } },
  });
  const [stack] = await deploy([{ name: 'mills', region: 'us-east-1', template }], account);
  return { outputs: stack?.outputs, event: events[0], count: events.length };
}

it.each(['Custom::Mill', 'AWS::CloudFormation::CustomResource'])(
  'is what its function says: %s',
  async (type) => {
    const made = answering({ Data: { Speed: 3 }, NoEcho: true });
    const { outputs, event, count } = await deployed(made, { Sails: [{ Count: 4, Red: true }] }, type);
    expect(outputs).toEqual({ Id: 'mill-1', Speed: '3' });
    expect(count).toBe(1);
    expect(event).toEqual({
      ...{ RequestType: 'Create', ServiceToken: token, ResourceType: type, LogicalResourceId: 'Mill' },
      StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/mills/local',
      RequestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      ResponseURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/answer\/[\w-]{43}$/),
      // CloudFormation hands over texts.
      ResourceProperties: {
        ...{ ServiceToken: token, ServiceTimeout: '30' },
        Sails: [{ Count: '4', Red: 'true' }],
      },
    });
  },
);

it('is asked for by the same request at each start, to be answered elsewhere; with other properties by another', async () => {
  const made = answering({ Data: { Speed: 1 } });
  const events = await Promise.all([deployed(made), deployed(made), deployed(made, { Sails: 4 })]);
  const [first, again, other] = events.map(({ event }) => event);
  expect(again?.RequestId).toBe(first?.RequestId);
  expect(again?.ResponseURL).not.toBe(first?.ResponseURL);
  expect(other?.RequestId).not.toBe(first?.RequestId);
});

it('may be answered by somebody else, after the function has returned', async () => {
  let later: Promise<unknown> | undefined;
  const made = await deployed(async (event) => {
    later = new Promise((resolve) => setImmediate(resolve)).then(() =>
      answering({ Data: { Speed: 2 } })(event),
    );
  });
  await later;
  expect(made.outputs).toEqual({ Id: 'mill-1', Speed: '2' });
});

it('is there once its function has said so, whatever that throws then', async () => {
  const made = await deployed(async (event) => {
    await answering({ Data: { Speed: 2 } })(event);
    throw new Error('tired');
  });
  expect(made.outputs).toEqual({ Id: 'mill-1', Speed: '2' });
});

it('may put its answer again where it broke off', async () => {
  const made = await deployed(async (event) => {
    const broken = request(event.ResponseURL, { method: 'PUT', headers: { 'content-length': 4_096 } });
    await new Promise((resolve) =>
      broken.on('error', resolve).write('{', () => broken.destroy(new Error('cut'))),
    );
    return answering({ Data: { Speed: 2 } })(event);
  });
  expect(made.outputs).toEqual({ Id: 'mill-1', Speed: '2' });
});

it.each<[string, Maker, object?]>([
  ['has answered', answering({ Data: { Speed: 1 } })],
  ['has thrown', () => Promise.reject(new Error('no sails'))],
  ['has not answered in time', () => new Promise(() => {}), { ServiceTimeout: 1 }],
])('has nobody at its URL any more when its function %s', async (_, maker, properties) => {
  let url = '';
  await deployed((event) => {
    url = event.ResponseURL;
    return maker(event);
  }, properties).catch(() => {});
  await expect(put(url, '{}')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

const place = 'mills/Mill (Custom::Mill)';

it.each<[string, Maker, string, object?]>([
  ['says that it failed', answering({ Status: 'FAILED', Reason: 'no\n wind' }), 'maker: FAILED: no wind'],
  ['fails without a reason', answering({ Status: 'FAILED' }), 'maker: FAILED: it gave no Reason'],
  [
    'does not answer',
    async () => {},
    'maker: no answer within the 1 s of ServiceTimeout',
    { ServiceTimeout: 1 },
  ],
  [
    'hangs',
    () => new Promise(() => {}),
    'maker: no answer within the 1 s of ServiceTimeout',
    { ServiceTimeout: 1 },
  ],
  ['throws', () => Promise.reject(new Error('no sails')), 'maker: it failed without an answer: no sails'],
  [
    'answers twice',
    async (event) => {
      await answering()(event);
      expect((await put(event.ResponseURL, '{}')).status).toBe(403);
    },
    'maker: it answered twice',
  ],
  [
    'answers with too much',
    (event) => answering({ Data: { Speed: 'x'.repeat(4_096) } })(event).catch(() => {}),
    'maker: its answer has more than 4096 bytes',
  ],
  ['answers in words', ({ ResponseURL }) => put(ResponseURL, 'done'), 'maker: its answer cannot be read: '],
  [
    'gives no name',
    answering({ PhysicalResourceId: undefined }),
    'maker: its answer cannot be read: PhysicalResourceId: ',
  ],
  [
    'gives more than values',
    answering({ Data: { Speed: { now: 1 } } }),
    'maker: its answer cannot be read: Data.Speed: must be a text, a number or a boolean',
  ],
  [
    'answers another request',
    answering({ RequestId: 'other' }),
    "maker: its answer is to another request: RequestId is 'other', not '",
  ],
  [
    'answers for another stack',
    answering({ StackId: 'other' }),
    "maker: its answer is to another request: StackId is 'other', not '",
  ],
])('stops the start with its name where the function %s', async (_, maker, message, properties) => {
  const error: unknown = await deployed(maker, properties).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  const line = String(error);
  expect(line).toContain(`Error: ${place}: ${message}`);
  expect(line).not.toContain('\n');
});

it.each([
  [
    'a topic',
    { ServiceToken: 'arn:aws:sns:us-east-1:000000000000:mills' },
    'ServiceToken: must be the ARN of a',
  ],
  ['two hours', { ServiceTimeout: 7_200 }, 'ServiceTimeout: Too big: expected number to be <=3600'],
  ['no number of seconds', { ServiceTimeout: 'soon' }, 'ServiceTimeout: Invalid input'],
])('stops the start with its name where it has %s', async (_, properties, message) => {
  await expect(deployed(answering(), properties)).rejects.toThrow(`${place}: ${message}`);
});

it('takes no answer from whoever does not know its URL, nor by another method', async () => {
  const made = await deployed(async (event) => {
    const guessed = event.ResponseURL.replace(/[^/]+$/, 'guessed');
    expect((await put(guessed, '{}')).status).toBe(403);
    expect((await fetch(event.ResponseURL)).status).toBe(403);
    return answering({ Data: { Speed: 1 } })(event);
  });
  expect(made.outputs).toEqual({ Id: 'mill-1', Speed: '1' });
});
