import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Emulation,
  type SqsMappingOptions,
  startSqsMapping,
} from '../../../local/event-source-mapping/index.ts';
import type { FunctionHost } from '../../../local/function-host.ts';
import { until } from './support/engine.ts';
import { TestQueues } from './support/queues.ts';
import { SqsRecorder as Recorder } from './support/sqs-recorder.ts';
import { StartedMappings } from './support/started-mappings.ts';

let queues: TestQueues;
const mappings = new StartedMappings();

beforeAll(async () => {
  queues = await TestQueues.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => queues.stop());

type Properties = Partial<SqsMappingOptions['properties']>;

function start(
  arn: string,
  host: FunctionHost,
  properties: Properties = {},
  emulation: Partial<Emulation> = {},
) {
  const mapping = startSqsMapping({
    functionName: 'recorder',
    properties: { EventSourceArn: arn, ...properties },
    clients: { sqs: queues.sqs },
    host,
    observer: mappings.observer,
    emulation: { pollIntervalMs: 50, sqsWaitSeconds: 0, ...emulation },
  });
  return mappings.add(mapping);
}

/** Hides what was received for so short that a test can wait for it, and longer than it takes to be deleted. */
const SHORT = { VisibilityTimeout: '2' };

test('a message looks as Lambda sends it, and is deleted when the function succeeded', async () => {
  const arn = await queues.createQueue('shape');
  await queues.send('shape', ['héllo']);
  const host = new Recorder();
  const mapping = start(arn, host);
  await mapping.drained();
  expect(host.events).toEqual([
    {
      Records: [
        {
          messageId: expect.any(String),
          receiptHandle: expect.any(String),
          body: 'héllo',
          attributes: expect.objectContaining({
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.any(String),
          }),
          messageAttributes: {
            origin: { stringValue: 'test', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: arn,
          awsRegion: 'us-east-1',
        },
      ],
    },
  ]);
  expect(await queues.size('shape')).toBe(0);
  expect(mapping.status()).toMatchObject({ caughtUp: true, inFlight: 0, unfinished: 0 });
});

describe('a batch', () => {
  test('holds at most BatchSize messages', async () => {
    const arn = await queues.createQueue('size');
    await queues.send('size', ['1', '2', '3', '4', '5']);
    const host = new Recorder();
    await start(arn, host, { BatchSize: 2 }).drained();
    expect(host.batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
    expect(host.batches.flat().sort()).toEqual(['1', '2', '3', '4', '5']);
  });

  test('may be larger than one call of SQS gives, gathered within the batching window', async () => {
    const arn = await queues.createQueue('large');
    for (const letter of 'abc')
      await queues.send(
        'large',
        Array.from({ length: 10 }, (_, i) => `${letter}${i}`),
      );
    const host = new Recorder();
    await start(arn, host, { BatchSize: 30, MaximumBatchingWindowInSeconds: 300 }).drained();
    expect(host.batches.map((batch) => batch.length)).toEqual([30]);
  });

  test('goes when its batching window is over, full or not', async () => {
    const arn = await queues.createQueue('window');
    await queues.send('window', ['1']);
    const host = new Recorder();
    const mapping = start(arn, host, { BatchSize: 30, MaximumBatchingWindowInSeconds: 1 });
    await until('it is invoked', () => host.events.length === 1);
    await mapping.drained();
    expect(host.batches).toEqual([['1']]);
  });

  test('stays below the payload’s limit', async () => {
    const arn = await queues.createQueue('payload');
    await queues.send('payload', ['x'.repeat(1_000), 'y'.repeat(1_000), 'z'.repeat(1_000)]);
    const host = new Recorder();
    await start(arn, host, {}, { payloadLimitBytes: 4_000 }).drained();
    expect(host.batches.map((batch) => batch.length)).toEqual([2, 1]);
  });
});

test('as many batches run at once as ScalingConfig and the emulation allow', async () => {
  const arn = await queues.createQueue('scaling');
  await queues.send('scaling', ['1', '2', '3', '4', '5', '6']);
  // Each takes as long as several polls: without a limit all six would be in flight together.
  const host = new Recorder(async () => {
    for (let call = 0; call < 10; call += 1) await queues.size('scaling');
  });
  await start(arn, host, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }).drained();
  expect(host.mostConcurrent).toBe(2);
  expect(host.events).toHaveLength(6);
});

describe('after a failure', () => {
  test('the whole batch comes again after the visibility timeout, and until then it is not caught up', async () => {
    const arn = await queues.createQueue('again', SHORT);
    await queues.send('again', ['a', 'b']);
    let mayGo = false;
    const host = new Recorder(() => {
      if (!mayGo) throw new Error('not yet');
    });
    const mapping = start(arn, host);
    await until('it failed twice', () => mappings.of('failed').length >= 2);
    expect(await queues.size('again')).toBe(2);
    expect(mapping.status().caughtUp).toBe(false);
    const failed = host.batches.length;
    mayGo = true;
    await mapping.drained();
    expect(host.batches[0]?.toSorted()).toEqual(['a', 'b']);
    expect(host.batches.slice(failed).flat().toSorted()).toEqual(['a', 'b']);
  });

  test('a partial response brings back what it names only', async () => {
    const arn = await queues.createQueue('partial', SHORT);
    await queues.send('partial', ['a', 'X', 'c']);
    const host = new Recorder((event, count) => ({
      batchItemFailures: event.Records.filter(({ body }) => body === 'X' && count === 1).map(
        ({ messageId }) => ({
          itemIdentifier: messageId,
        }),
      ),
    }));
    await start(arn, host, { FunctionResponseTypes: ['ReportBatchItemFailures'] }).drained();
    expect(host.batches[0]?.toSorted()).toEqual(['X', 'a', 'c']);
    expect(host.batches.slice(1)).toEqual([['X']]);
    expect(mappings.of('partial')).toMatchObject([{ records: 3, succeeded: 2 }]);
  });

  test('an invalid partial response fails the whole batch', async () => {
    const arn = await queues.createQueue('invalid', SHORT);
    await queues.send('invalid', ['a', 'b']);
    const host = new Recorder((_, count) =>
      count === 1 ? { batchItemFailures: [{ itemIdentifier: 'unknown' }] } : null,
    );
    await start(arn, host, { FunctionResponseTypes: ['ReportBatchItemFailures'] }).drained();
    expect(host.batches.slice(1).flat().sort()).toEqual(['a', 'b']);
  });

  test('the queue’s redrive policy moves what failed too often to its dead-letter queue', async () => {
    const deadLetterTargetArn = await queues.createQueue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
    const arn = await queues.createQueue('poisoned', { ...SHORT, RedrivePolicy });
    await queues.send('poisoned', ['X']);
    const host = new Recorder(() => {
      throw new Error('poison');
    });
    const mapping = start(arn, host);
    await until('it is dead', async () => (await queues.size('dead')) === 1);
    await mapping.drained();
    expect(host.batches).toEqual([['X'], ['X']]);
  });
});

describe('disabling', () => {
  test('waits for what is in flight; enabling goes on', async () => {
    const arn = await queues.createQueue('pause');
    await queues.send('pause', ['a']);
    let go: () => void = () => undefined;
    const host = new Recorder((_, count) => {
      if (count === 1) return new Promise<void>((resolve) => (go = resolve));
    });
    const mapping = start(arn, host);
    await until('it is in flight', () => mapping.status().inFlight === 1);
    const disabled = mapping.disable();
    await queues.send('pause', ['b']);
    go();
    await disabled;
    expect(host.batches).toEqual([['a']]);
    expect(await queues.size('pause')).toBe(1);
    mapping.enable();
    await mapping.drained();
    expect(host.batches).toEqual([['a'], ['b']]);
  });
});

test('a delayed message is not forgotten: the mapping is not caught up before it was processed', async () => {
  const arn = await queues.createQueue('delayed');
  await queues.send('delayed', ['late'], 1);
  const host = new Recorder();
  const mapping = start(arn, host);
  await mapping.drained();
  expect(host.batches).toEqual([['late']]);
});

test('a property that is unknown or out of its limits stops with its name', async () => {
  const arn = await queues.createQueue('none');
  expect(() => start(arn, new Recorder(), { BatchSize: 11 })).toThrow(/MaximumBatchingWindowInSeconds/);
  expect(() => start(arn, new Recorder(), { StartingPosition: 'LATEST' } as Properties)).toThrow(
    /StartingPosition/,
  );
  expect(() => start(`${arn}.fifo`, new Recorder(), { MaximumBatchingWindowInSeconds: 1 })).toThrow(/FIFO/);
});
