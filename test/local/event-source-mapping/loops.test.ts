import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type EventSourceMapping,
  type RecursiveLoop,
  startSqsMapping,
} from '../../../local/event-source-mapping/index.ts';
import { headerOfInvocation } from '../../../local/trace-header.ts';
import { until } from './support/engine.ts';
import { TestQueues } from './support/queues.ts';
import { type SqsEvent, SqsRecorder } from './support/sqs-recorder.ts';
import { StartedMappings } from './support/started-mappings.ts';

const functionName = 'recorder';
/** More rounds than a chain may have. */
const patience = 30;

let queues: TestQueues;
const mappings = new StartedMappings();

beforeAll(async () => {
  queues = await TestQueues.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => queues.stop());

function start(arn: string, host: SqsRecorder, recursiveLoop?: RecursiveLoop): EventSourceMapping {
  const mapping = startSqsMapping({
    functionName,
    properties: { EventSourceArn: arn },
    clients: { sqs: queues.sqs },
    host,
    ...(recursiveLoop && { recursiveLoop }),
    observer: mappings.observer,
    emulation: { pollIntervalMs: 50, sqsWaitSeconds: 0 },
  });
  return mappings.add(mapping);
}

/** As the SDK does in a function: what it sends has the header of the invocation. */
function sendBack(queue: string, event: SqsEvent): Promise<unknown> {
  const header = headerOfInvocation({ functionName, requestId: 'r', event });
  return Promise.all(event.Records.map(({ body }) => queues.sendOn(queue, body, header)));
}

/** What a message brings that the function has sent on sixteen times. */
function endOfChain(): string {
  return Array.from({ length: 16 }).reduce<string>((header) => {
    const event = { Records: [{ attributes: { AWSTraceHeader: header } }] };
    return headerOfInvocation({ functionName, requestId: 'r', event });
  }, '');
}

const stopped = () => mappings.of('loopStopped');

describe('a function that feeds its own queue', () => {
  test('is not given the message of the seventeenth round', async () => {
    const arn = await queues.createQueue('loop');
    await queues.send('loop', ['round and round']);
    const host = new SqsRecorder((event) => sendBack('loop', event));
    start(arn, host);
    await until('it was stopped', () => stopped().length > 0);
    expect(host.events).toHaveLength(16);
    expect(stopped()).toEqual([{ type: 'loopStopped', origin: 'loop', records: 1 }]);
    await until('only that message is left', async () => (await queues.size('loop')) === 1);
  });

  test('never gets it: what is stopped ends in the dead-letter queue', async () => {
    const deadLetterTargetArn = await queues.createQueue('loop-dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
    const arn = await queues.createQueue('stopped', { VisibilityTimeout: '1', RedrivePolicy });
    await queues.sendOn('stopped', 'round and round', endOfChain());
    const host = new SqsRecorder();
    const mapping = start(arn, host);
    await until('it is dead', async () => (await queues.size('loop-dead')) === 1);
    await mapping.drained();
    expect(host.events).toEqual([]);
    expect(stopped()).toHaveLength(2);
    expect(await queues.receive('loop-dead')).toMatchObject([{ Body: 'round and round' }]);
  });

  test('may go on where it allows loops', async () => {
    const arn = await queues.createQueue('allowed');
    await queues.send('allowed', ['round and round']);
    const host = new SqsRecorder(async (event, count) => {
      if (count < patience) await sendBack('allowed', event);
    });
    await start(arn, host, 'Allow').drained();
    expect(host.events).toHaveLength(patience);
    expect(stopped()).toEqual([]);
  });

  test('is given what else is in the batch', async () => {
    const arn = await queues.createQueue('mixed');
    await queues.sendOn('mixed', 'looped', endOfChain());
    await queues.send('mixed', ['new']);
    const host = new SqsRecorder();
    start(arn, host);
    await until('both were received', () => host.events.length === 1 && stopped().length === 1);
    expect(host.batches).toEqual([['new']]);
    await until('only the other is left', async () => (await queues.size('mixed')) === 1);
  });
});
