import { beforeEach, describe, expect, test, vi } from 'vitest';
import { errorOf, successes, xmlOf } from './support/answers.ts';
import { bothSdks } from './support/both-sdks.ts';

const { sameOf } = bothSdks();

// No pause.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

/** As SQS tells clients of its protocol before. */
const throttledQuery = { 'x-amzn-query-error': 'RequestThrottled;Sender' };

describe('what the SDK in a bundle has sent', () => {
  test.each([
    ['UpdateItem', errorOf('com.amazonaws.dynamodb.v20120810#ThrottlingException')],
    ['UpdateItem', errorOf('com.amazonaws.dynamodb.v20120810#ReplicatedWriteConflictException')],
    ['PutRecords', errorOf('ProvisionedThroughputExceededException')],
    ['PutObject', xmlOf('SlowDown', 503)],
    ['PutObject of bytes', xmlOf('InternalError', 500)],
    ['Query', { status: 500 }],
    ['PutObject', xmlOf('RequestTimeout', 400)],
    ['UpdateItem', errorOf('com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException')],
    ['ListShards', errorOf('LimitExceededException')],
    ['SendMessageBatch', errorOf('com.amazonaws.sqs#RequestThrottled')],
    ['SendMessageBatch', { ...errorOf('com.amazonaws.sqs#RequestThrottled', 403), headers: throttledQuery }],
  ])('%s is tried again (%#)', async (name, answer) => {
    const success = successes[name] === undefined ? '' : JSON.stringify(successes[name]);
    const { outcome, requests } = await sameOf(name, answer, { body: success });
    expect(outcome).not.toHaveProperty('message');
    expect(requests.map(({ body }) => body)).toEqual([requests[0]?.body, requests[0]?.body]);
    expect(requests[0]?.body).not.toBe('');
  });

  test.each(['PutRecords', 'UpdateItem', 'PutObject', 'SendMessageBatch'])(
    '%s is signed by the clock of AWS after a refusal for the time',
    async (name) => {
      const headers = { date: new Date(Date.now() + 3_600_000).toUTCString() };
      const refused =
        name === 'PutObject' ? xmlOf('RequestTimeTooSkewed', 403) : errorOf('InvalidSignatureException');
      const { outcome, requests } = await sameOf(
        name,
        { ...refused, headers },
        { body: JSON.stringify(successes[name] ?? '') },
      );
      expect(outcome).not.toHaveProperty('message');
      expect(requests.map((request) => request.headers['x-amz-date'])).toEqual([
        '20260101T000000Z',
        '20260101T010000Z',
      ]);
    },
  );
});
