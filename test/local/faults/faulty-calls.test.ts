import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../local/clock.ts';
import { FaultyCalls } from '../../../local/faults/faulty-calls.ts';
import { type CallFault, FaultLog } from '../../../local/faults/kinds.ts';
import { type CallDecision, defaultRates, FaultPlan } from '../../../local/faults/plan.ts';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';

/** A plan that has one fault for the first call of each operation. */
class OneFault extends FaultPlan {
  readonly #decision: CallDecision;

  constructor(kind: CallFault, failed: readonly boolean[] = [], takesEffect = false) {
    super(1, defaultRates);
    this.#decision = { kind, takesEffect, delayMs: 500, calls: 3, entries: () => [...failed] };
  }

  override call(_functionName: string, _operation: string, number: number): CallDecision | undefined {
    return number === 1 ? this.#decision : undefined;
  }

  override poll(_source: string, number: number): boolean {
    return number === 1;
  }
}

/** What reached the service, and who was killed, in order. */
function pipeline(plan: FaultPlan, answerOf: (body: Record<string, unknown>) => object = () => ({})) {
  const happened: string[] = [];
  const log = new FaultLog();
  const ending = new AbortController();
  const clock: Clock = {
    now: () => 0,
    async sleep(ms) {
      happened.push(`waited ${ms}`);
    },
  };
  const calls = new FaultyCalls({
    ...{ plan, log, clock, rates: defaultRates, signal: ending.signal },
    async kill(functionName, id) {
      happened.push(`killed ${functionName} ${id}`);
    },
  });
  const hold = () => calls.holdWrite('dev-draw');
  const send = async (call: Partial<AwsCall>, body: object = {}) => {
    const whole: AwsCall = {
      ...{ service: 'dynamodb', operation: 'PutItem', caller: 'dev-draw.3', method: 'POST', path: '/' },
      ...{ headers: {}, body: Buffer.from(JSON.stringify(body)) },
      ...call,
    };
    const answer = await calls.intercept(whole, async (changed = whole): Promise<AwsAnswer> => {
      const request = JSON.parse(changed.body.toString());
      happened.push(`sent ${changed.body.toString()}`);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answerOf(request))) };
    });
    return answer === 'disconnect'
      ? answer
      : { status: answer.status, body: JSON.parse(answer.body.toString()) };
  };
  return { happened, log, calls, send, hold, ending };
}

describe('faults of calls', () => {
  it.each<[CallFault, string[]]>([
    ['killedBeforeCall', ['killed dev-draw dev-draw.3']],
    ['killedDuringCall', ['sent {}', 'killed dev-draw dev-draw.3']],
    ['killedAfterCall', ['sent {}', 'killed dev-draw dev-draw.3']],
    ['callHangs', ['waited 8000']],
    ['answerLost', ['sent {}']],
  ])('%s: the caller gets no answer', async (kind, expected) => {
    const { happened, log, send } = pipeline(new OneFault(kind));
    expect(await send({})).toBe('disconnect');
    expect(happened).toEqual(expected);
    expect(log.byKind).toEqual({ [kind]: 1 });
  });

  it.each<[CallFault, number, string]>([
    ['callThrottled', 503, 'SlowDown'],
    ['callFailed', 500, 'InternalError'],
  ])('%s: S3 answers in its own way, whatever object is named', async (kind, status, code) => {
    const { calls, log } = pipeline(new OneFault(kind));
    const put = (name: string) =>
      calls.intercept(
        {
          ...{ service: 's3', operation: `PUT /draws/${name}`, caller: 'dev-draw.3', method: 'PUT' },
          ...{ path: `/draws/${name}`, headers: {}, body: Buffer.from('') },
        },
        async () => ({ status: 200, headers: {}, body: Buffer.from('') }),
      );
    const body = Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>Injected</Message></Error>`,
    );
    expect(await put('a')).toEqual({ status, headers: { 'content-type': 'application/xml' }, body });
    expect(await put('b')).toMatchObject({ status: 200 });
    expect(log.byKind).toEqual({ [kind]: 1 });
  });

  it('callHangs may take effect all the same', async () => {
    const { happened, send } = pipeline(new OneFault('callHangs', [], true));
    await send({});
    expect(happened).toEqual(['sent {}', 'waited 8000']);
  });

  it('callDelayed arrives, but late', async () => {
    const { happened, send } = pipeline(new OneFault('callDelayed'));
    expect(await send({})).toMatchObject({ status: 200 });
    expect(happened).toEqual(['waited 500', 'sent {}']);
  });

  it.each([
    [0, ['sent {}', 'waited 2500', 'sent {}', 'sent {}']],
    [1, ['sent {}', 'sent {}', 'waited 2500', 'sent {}']],
  ])(
    'of two invocations with the same events one write is held, after %d others',
    async (before, expected) => {
      const plan = new FaultPlan(1, { ...defaultRates, call: 0 });
      plan.writesBeforeHeld = () => before;
      const { happened, log, send, hold } = pipeline(plan);
      hold();
      await send({ operation: 'BatchGetItem' });
      await send({});
      await send({});
      expect(happened).toEqual(expected);
      expect(log.byKind).toEqual({ writeHeld: 1 });
    },
  );

  it('callThrottled and callFailed do not reach the service', async () => {
    const throttled = pipeline(new OneFault('callThrottled'));
    const answer = await throttled.send({});
    expect(answer).toMatchObject({ status: 400, body: { __type: 'ProvisionedThroughputExceededException' } });
    const failed = pipeline(new OneFault('callFailed'));
    expect(await failed.send({})).toMatchObject({ status: 500, body: { __type: 'InternalServerError' } });
    expect([...throttled.happened, ...failed.happened]).toEqual([]);
  });

  it.each<[CallFault, string]>([
    ['callThrottled', 'ThrottlingException'],
    ['callFailed', 'KMSInternalException'],
  ])('%s: KMS says it in its own way', async (kind, __type) => {
    const { send, happened } = pipeline(new OneFault(kind));
    const answer = await send({ service: 'kms', operation: 'Sign' });
    expect(answer).toMatchObject({ body: { __type } });
    expect(happened).toEqual([]);
  });

  it('serviceDown refuses as many calls of that function to that service as the plan says', async () => {
    const { send, happened } = pipeline(new OneFault('serviceDown'));
    const statuses: unknown[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push(await send({}));
    expect(statuses).toMatchObject([{ status: 500 }, { status: 500 }, { status: 500 }, { status: 200 }]);
    expect(happened).toEqual(['sent {}']);
  });

  it.each([
    ['PutItem', [500, 200, 500]],
    ['GetItem', [500, 500, 500]],
  ])('serviceDown at a write refuses writes, and else the whole service: %s', async (first, expected) => {
    class Once extends OneFault {
      override call(...[name, operation, number]: Parameters<OneFault['call']>) {
        return operation === first ? super.call(name, operation, number) : undefined;
      }
    }
    const { send } = pipeline(new Once('serviceDown'));
    const statuses: unknown[] = [];
    for (const operation of [first, 'Query', first]) statuses.push(Object(await send({ operation })).status);
    expect(statuses).toEqual(expected);
  });

  it('leaves the calls of others alone, but for the polls of the mappings', async () => {
    const { send, log } = pipeline(new OneFault('callThrottled'));
    expect(await send({ caller: 'soak', operation: 'GetRecords' })).toMatchObject({ status: 200 });
    expect(await send({ caller: 'local', operation: 'PutRecord' })).toMatchObject({ status: 200 });
    expect(await send({ caller: 'local', operation: 'GetRecords' })).toMatchObject({ status: 400 });
    expect(log.byKind).toEqual({ pollThrottled: 1 });
  });

  it('lets everything pass once the faults are over', async () => {
    const { send, ending } = pipeline(new OneFault('callThrottled'));
    ending.abort();
    expect(await send({})).toMatchObject({ status: 200 });
  });
});

describe('faults inside a batch', () => {
  const failed = [false, true, false];

  it('withhold the effect of the statements that are throttled', async () => {
    const { send, happened } = pipeline(new OneFault('partOfBatchThrottled', failed), () => ({
      Responses: [{ TableName: 'a' }, { TableName: 'c' }],
    }));
    const answer = await send({ operation: 'BatchExecuteStatement' }, { Statements: ['a', 'b', 'c'] });
    expect(happened).toEqual(['sent {"Statements":["a","c"]}']);
    expect(answer).toMatchObject({
      body: {
        Responses: [
          { TableName: 'a' },
          { Error: { Code: 'ProvisionedThroughputExceeded' } },
          { TableName: 'c' },
        ],
      },
    });
  });

  it('report statements as failed that took effect', async () => {
    const { send, happened } = pipeline(new OneFault('partOfBatchFailedAfterEffect', failed), () => ({
      Responses: [{ TableName: 'a' }, { TableName: 'b' }, { TableName: 'c' }],
    }));
    const answer = await send({ operation: 'BatchExecuteStatement' }, { Statements: ['a', 'b', 'c'] });
    expect(happened).toEqual(['sent {"Statements":["a","b","c"]}']);
    expect(answer).toMatchObject({
      body: {
        Responses: [{ TableName: 'a' }, { Error: { Code: 'InternalServerError' } }, { TableName: 'c' }],
      },
    });
  });

  it('leave records of PutRecords out of the stream', async () => {
    const { send, happened } = pipeline(new OneFault('partOfBatchThrottled', failed), () => ({
      Records: [{ ShardId: 'a' }, { ShardId: 'c' }],
    }));
    const answer = await send({ operation: 'PutRecords', service: 'kinesis' }, { Records: ['a', 'b', 'c'] });
    expect(happened).toEqual(['sent {"Records":["a","c"]}']);
    expect(answer).toMatchObject({
      body: {
        FailedRecordCount: 1,
        Records: [
          { ShardId: 'a' },
          { ErrorCode: 'ProvisionedThroughputExceededException' },
          { ShardId: 'c' },
        ],
      },
    });
  });

  it('leave keys of BatchGetItem unprocessed', async () => {
    const { send, happened } = pipeline(new OneFault('partOfBatchThrottled', failed), () => ({
      Responses: { users: ['a', 'c'] },
    }));
    const request = { RequestItems: { users: { Keys: ['a', 'b', 'c'], ConsistentRead: true } } };
    const answer = await send({ operation: 'BatchGetItem' }, request);
    expect(happened).toEqual(['sent {"RequestItems":{"users":{"ConsistentRead":true,"Keys":["a","c"]}}}']);
    expect(answer).toMatchObject({
      body: {
        Responses: { users: ['a', 'c'] },
        UnprocessedKeys: { users: { Keys: ['b'], ConsistentRead: true } },
      },
    });
  });

  it('leave messages of SendMessageBatch out of the queue', async () => {
    const Entries = [{ Id: 'a' }, { Id: 'b' }, { Id: 'c' }];
    const { send, happened } = pipeline(new OneFault('partOfBatchThrottled', failed), () => ({
      Successful: [{ Id: 'a' }, { Id: 'c' }],
    }));
    const answer = await send({ operation: 'SendMessageBatch', service: 'sqs' }, { Entries });
    expect(happened).toEqual(['sent {"Entries":[{"Id":"a"},{"Id":"c"}]}']);
    expect(answer).toMatchObject({ body: { Successful: [{ Id: 'a' }, { Id: 'c' }], Failed: [{ Id: 'b' }] } });
  });

  it('send nothing where everything fails', async () => {
    const { send, happened } = pipeline(new OneFault('partOfBatchThrottled', [true, true]));
    const answer = await send({ operation: 'PutRecords', service: 'kinesis' }, { Records: ['a', 'b'] });
    expect(happened).toEqual([]);
    expect(answer).toMatchObject({ body: { FailedRecordCount: 2 } });
  });
});
