import {
  KinesisClient,
  type KinesisClientConfig,
  PutRecordsCommand,
  type PutRecordsCommandInput,
} from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { putRecordsBody } from '../../../lambda/adapters/put-records-body.ts';
import { withBody } from '../../../lambda/adapters/request-bodies.ts';

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const stopped = new Error('Not sent');

/** A client that sends nothing, and what it would have sent. */
function unsent(): { client: KinesisClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const requestHandler: KinesisClientConfig['requestHandler'] = {
    handle: async (request: Sent) => {
      sent.push(request);
      throw stopped;
    },
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new KinesisClient({ region: 'us-east-1', credentials, requestHandler, maxAttempts: 1 });
  return { client, sent };
}

/** What the SDK sends by itself, and with our body. */
async function bothWays(command: PutRecordsCommand): Promise<[Sent | undefined, Sent | undefined]> {
  const theirs = unsent();
  const ours = unsent();
  withBody(ours.client, 'PutRecords', putRecordsBody);
  for (const { client } of [theirs, ours]) await client.send(command).catch(() => {});
  return [theirs.sent[0], ours.sent[0]];
}

const jsonIn = (sent: Sent | undefined): unknown =>
  JSON.parse(Buffer.from(sent?.body ?? []).toString('utf8'));

const oddKeys = [
  '',
  'a',
  '7',
  'é',
  '€',
  '😀',
  '"',
  '\\',
  '\n',
  '\u0000',
  '\u007f',
  '\u0080',
  '\uffff',
  '\ud800',
];

test('the body of PutRecords has the values of the SDK’s own', async () => {
  const Records = oddKeys.map((PartitionKey, index) => ({
    PartitionKey,
    Data: Buffer.from(Array.from({ length: index }, (_, n) => (n * 61) % 256)),
    ...(index % 2 === 1 && { ExplicitHashKey: String(index) }),
  }));
  const [theirs, ours] = await bothWays(new PutRecordsCommand({ StreamName: 'a', Records }));
  expect(jsonIn(ours)).toEqual(jsonIn(theirs));
  expect(ours?.headers['content-length']).toBe(String(ours?.body.length));
  // It is ours: the SDK's has letters of two bytes.
  expect(ours?.body.every((byte) => byte < 0x80)).toBe(true);
});

test.each([0, 1, 2])('of %i records too', async (length) => {
  const Records = Array.from({ length }, () => ({ PartitionKey: 'a', Data: new Uint8Array([1, 2]) }));
  const [theirs, ours] = await bothWays(new PutRecordsCommand({ StreamName: 'a', Records }));
  expect(jsonIn(ours)).toEqual(jsonIn(theirs));
});

test.each<[string, Omit<PutRecordsCommandInput, 'Records'>]>([
  ['an ARN', { StreamARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/a' }],
  ['a name that is not ASCII', { StreamName: 'é' }],
  ['none', { StreamName: undefined }],
])('with %s as the stream too', async (_, stream) => {
  const Records = [{ PartitionKey: 'a', Data: new Uint8Array([1, 2]) }];
  // Whatever stands first in it.
  for (const input of [
    { Records, ...stream },
    { ...stream, Records },
  ]) {
    const [theirs, ours] = await bothWays(new PutRecordsCommand(input));
    expect(jsonIn(ours)).toEqual(jsonIn(theirs));
  }
});

test('bytes are those of the view that they are given as', async () => {
  const Data = new Uint8Array([0, 1, 2, 3]).subarray(1, 3);
  const command = new PutRecordsCommand({ StreamName: 'a', Records: [{ PartitionKey: 'a', Data }] });
  const [theirs, ours] = await bothWays(command);
  expect(jsonIn(ours)).toEqual(jsonIn(theirs));
});

test('a client that makes its requests otherwise is refused', () => {
  expect(() => withBody({ config: {} }, 'PutRecords', putRecordsBody)).toThrow('no protocol');
});
