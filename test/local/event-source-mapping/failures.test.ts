import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestKinesis } from './support/engine.ts';
import { Mappings } from './support/mappings.ts';
import { NotInvoked, RecordingHost, type SeenEvent, texts } from './support/recording-host.ts';

let kinesis: TestKinesis;
const mappings = new Mappings();

beforeAll(async () => {
  kinesis = await TestKinesis.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => kinesis.stop());

const REPORT = { FunctionResponseTypes: ['ReportBatchItemFailures'] } satisfies {
  FunctionResponseTypes: ['ReportBatchItemFailures'];
};

/** Reports the first record with this text. */
function failing(event: SeenEvent, text: string) {
  const record = event.Records[texts(event).indexOf(text)];
  return record ? { batchItemFailures: [{ itemIdentifier: record.kinesis.sequenceNumber }] } : null;
}

describe('retries', () => {
  test('a failed batch comes again, whole, before anything later, until it succeeds', async () => {
    const arn = await kinesis.createStream('retry');
    await kinesis.putAll('retry', ['a', 'b', 'c']);
    const host = new RecordingHost((_, count) => {
      if (count <= 7) throw new Error('not yet');
    });
    await mappings.start(kinesis, arn, host, { BatchSize: 2 }).drained();
    expect(host.batches).toEqual([...Array.from({ length: 8 }, () => ['a', 'b']), ['c']]);
    expect(mappings.of('failed')).toHaveLength(7);
    expect(mappings.of('retried').map(({ retries }) => retries)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('after MaximumRetryAttempts a batch is given up and the next one comes', async () => {
    const arn = await kinesis.createStream('limit');
    await kinesis.putAll('limit', ['a', 'b', 'c']);
    const host = new RecordingHost((event) => {
      if (texts(event).includes('a')) throw new Error('always');
    });
    await mappings.start(kinesis, arn, host, { BatchSize: 2, MaximumRetryAttempts: 2 }).drained();
    expect(host.batches).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['c']]);
    expect(mappings.of('discarded')).toMatchObject([{ records: 2, condition: 'RetryAttemptsExhausted' }]);
  });

  test('a function that could not be invoked uses up no retry', async () => {
    const arn = await kinesis.createStream('throttled');
    await kinesis.put('throttled', 'a');
    const host = new RecordingHost((_, count) => {
      if (count <= 4) throw new NotInvoked('throttled');
    });
    await mappings.start(kinesis, arn, host, { MaximumRetryAttempts: 0 }).drained();
    expect(host.events).toHaveLength(5);
    expect(mappings.of('discarded')).toEqual([]);
  });
});

describe('bisect', () => {
  test('halves a failed batch until the bad record is alone, in order, without using up retries', async () => {
    const arn = await kinesis.createStream('bisect');
    await kinesis.putAll('bisect', ['1', '2', '3', 'X', '5', '6', '7', '8']);
    const succeeded: string[] = [];
    const host = new RecordingHost((event) => {
      if (texts(event).includes('X')) throw new Error('poison');
      succeeded.push(...texts(event));
    });
    const rules = { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 };
    await mappings.start(kinesis, arn, host, rules).drained();
    expect(succeeded).toEqual(['1', '2', '3', '5', '6', '7', '8']);
    expect(host.batches).toEqual([
      ['1', '2', '3', 'X', '5', '6', '7', '8'],
      ['1', '2', '3', 'X'],
      ['1', '2'],
      ['3', 'X'],
      ['3'],
      ['X'],
      ['X'],
      ['5', '6', '7', '8'],
    ]);
    expect(mappings.of('discarded')).toMatchObject([{ records: 1 }]);
  });

  test('without it the whole batch comes again', async () => {
    const arn = await kinesis.createStream('whole');
    await kinesis.putAll('whole', ['1', 'X']);
    const host = new RecordingHost(() => {
      throw new Error('poison');
    });
    await mappings.start(kinesis, arn, host, { MaximumRetryAttempts: 1 }).drained();
    expect(host.batches).toEqual([
      ['1', 'X'],
      ['1', 'X'],
    ]);
  });
});

describe('partial batch responses', () => {
  test('everything from the lowest reported record comes again', async () => {
    const arn = await kinesis.createStream('partial');
    const numbers = await kinesis.putAll('partial', ['a', 'b', 'c', 'd']);
    const host = new RecordingHost((_, count) =>
      count === 1
        ? { batchItemFailures: [{ itemIdentifier: numbers[3] }, { itemIdentifier: numbers[1] }] }
        : null,
    );
    await mappings.start(kinesis, arn, host, REPORT).drained();
    expect(host.batches).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'd'],
    ]);
    expect(mappings.of('partial')).toMatchObject([{ records: 4, succeeded: 1 }]);
  });

  test('they mean nothing unless they are switched on', async () => {
    const arn = await kinesis.createStream('off');
    await kinesis.putAll('off', ['a', 'b']);
    const host = new RecordingHost((event) => failing(event, 'b'));
    await mappings.start(kinesis, arn, host).drained();
    expect(host.batches).toEqual([['a', 'b']]);
  });

  test.each([
    ['null-id', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['empty-id', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['wrong-key', { batchItemFailures: [{ id: '1' }] }],
    ['unknown-id', { batchItemFailures: [{ itemIdentifier: '1234' }] }],
    ['null-item', { batchItemFailures: [null] }],
    ['no-list', { batchItemFailures: 'b' }],
    ['no-object', 'fine'],
  ])('an invalid response fails the whole batch: %s', async (name, response) => {
    const arn = await kinesis.createStream(name);
    await kinesis.putAll(name, ['a', 'b']);
    const host = new RecordingHost((_, count) => (count === 1 ? response : null));
    await mappings.start(kinesis, arn, host, REPORT).drained();
    expect(host.batches).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  test.each([
    ['empty-list', { batchItemFailures: [] }],
    ['null-list', { batchItemFailures: null }],
    ['empty', {}],
    ['null', null],
  ])('an empty response is a success: %s', async (name, response) => {
    const arn = await kinesis.createStream(name);
    await kinesis.putAll(name, ['a', 'b']);
    const host = new RecordingHost(() => response);
    await mappings.start(kinesis, arn, host, REPORT).drained();
    expect(host.batches).toEqual([['a', 'b']]);
  });

  test('with bisect the batch is cut at the reported record, and what was before it does not come again', async () => {
    const arn = await kinesis.createStream('cut');
    await kinesis.putAll('cut', ['a', 'b', 'c', 'X', 'e']);
    const host = new RecordingHost((event) => failing(event, 'X'));
    const rules = { ...REPORT, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 };
    await mappings.start(kinesis, arn, host, rules).drained();
    expect(host.batches).toEqual([['a', 'b', 'c', 'X', 'e'], ['X', 'e'], ['X'], ['e']]);
    expect(mappings.of('discarded')).toMatchObject([{ records: 1 }]);
  });

  test('progress starts the count of retries anew, unless the emulation is told to keep it', async () => {
    const run = async (stream: string, retryCountAfterProgress: 'reset' | 'keep') => {
      const arn = await kinesis.createStream(stream);
      await kinesis.putAll(stream, ['a', 'b', 'c', 'd']);
      // Each invocation gets one record further.
      const host = new RecordingHost((event, count) => failing(event, 'abcd'[count] ?? ''));
      const rules = { ...REPORT, MaximumRetryAttempts: 1 };
      await mappings.start(kinesis, arn, host, rules, { emulation: { retryCountAfterProgress } }).drained();
      return host.batches.length;
    };
    expect(await run('anew', 'reset')).toBe(4);
    expect(await run('kept', 'keep')).toBe(2);
  });
});
