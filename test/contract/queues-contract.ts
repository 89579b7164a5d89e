import { createHash } from 'node:crypto';
import { CreateQueueCommand, GetQueueUrlCommand, QueueDoesNotExist } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceBackend } from './support/service-backends.ts';
import { TestQueue } from './support/test-queue.ts';

/** An error by its name: fauxqs puts the older protocol's prefix before some. */
const named = (name: string) => ({
  name: expect.stringMatching(new RegExp(`^(AWS\\.SimpleQueueService\\.)?${name}$`)),
});

/** What the system relies on in SQS, whatever plays it: to be run on each. */
export function queuesContract(name: string, start: () => Promise<ServiceBackend>): void {
  describe(`queues on ${name}`, () => {
    let backend: ServiceBackend | undefined;

    beforeAll(async () => {
      backend = await start();
    });
    afterAll(() => backend?.stop());

    const running = () => {
      if (backend === undefined) throw new Error(`${name} did not start`);
      return backend;
    };
    const create = (attributes: Record<string, string> = {}) => TestQueue.create(running().sqs, attributes);

    test('give a message with what it says of itself, until it is deleted', async () => {
      const queue = await create();
      const before = running().now();
      const body = '{"draw":"ü"}';
      const { MessageId, MD5OfMessageBody } = await queue.send(body, {
        MessageAttributes: { origin: { DataType: 'String', StringValue: 'test' } },
      });
      const md5 = createHash('md5').update(body).digest('hex');
      expect(MD5OfMessageBody).toBe(md5);
      const [message, ...others] = await queue.receive();
      expect(others).toEqual([]);
      expect(message).toMatchObject({
        MessageId,
        Body: body,
        MD5OfBody: md5,
        Attributes: { ApproximateReceiveCount: '1' },
        MessageAttributes: { origin: { DataType: 'String', StringValue: 'test' } },
      });
      expect(Number(message?.Attributes?.SentTimestamp)).toBeGreaterThanOrEqual(before);
      expect(Number(message?.Attributes?.ApproximateFirstReceiveTimestamp)).toBeGreaterThanOrEqual(before);
      expect(await queue.counts()).toEqual([0, 1, 0]);
      const { Successful, Failed = [] } = await queue.delete([{ ReceiptHandle: message?.ReceiptHandle }]);
      expect([Successful, Failed]).toEqual([[{ Id: '0' }], []]);
      expect(await queue.counts()).toEqual([0, 0, 0]);
    });

    test('give a message again when it was not deleted in time, counted and under another handle', async () => {
      const queue = await create({ VisibilityTimeout: '1' });
      await queue.send('again');
      const [first] = await queue.receive();
      expect(await queue.receive()).toEqual([]);
      await running().pass(1_200);
      const [second] = await queue.receive();
      expect(second).toMatchObject({ MessageId: first?.MessageId, Body: 'again' });
      expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
      expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
      await queue.delete([{ ReceiptHandle: second?.ReceiptHandle }]);
      expect(await queue.counts()).toEqual([0, 0, 0]);
    });

    test('keep a message back as long as it was asked for, each by itself', async () => {
      const queue = await create({ DelaySeconds: '1' });
      await queue.sendAll([
        { Id: 'a', MessageBody: 'at once', DelaySeconds: 0 },
        { Id: 'b', MessageBody: 'by the queue' },
        { Id: 'c', MessageBody: 'late', DelaySeconds: 900 },
      ]);
      expect(await queue.counts()).toEqual([1, 0, 2]);
      expect(await queue.bodies()).toEqual(['at once']);
      await running().pass(1_200);
      expect(await queue.bodies()).toEqual(['by the queue']);
      expect(await queue.counts()).toEqual([0, 2, 1]);
    });

    test('give all messages, at most ten a call, each once while it is hidden', async () => {
      const queue = await create();
      const bodies = Array.from({ length: 23 }, (_, n) => `message ${n}`);
      for (const body of bodies) await queue.send(body);
      const received: string[] = [];
      for (let calls = 0; calls < 23 && received.length < 23; calls += 1) {
        const messages = await queue.receive();
        expect(messages.length).toBeLessThanOrEqual(10);
        received.push(...messages.map(({ Body = '' }) => Body));
      }
      expect(received.toSorted()).toEqual(bodies.toSorted());
      expect(await queue.receive()).toEqual([]);
    });

    test('move what was received too often to the dead-letter queue, trace header and all', async () => {
      const dead = await create();
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
      const queue = await create({ VisibilityTimeout: '0', RedrivePolicy });
      const header = 'Root=1-00000000-000000000000000000000000;Lineage=deadbeef:2';
      await queue.send('poison', {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: header } },
      });
      expect(await queue.bodies()).toEqual(['poison']);
      expect(await queue.bodies()).toEqual(['poison']);
      expect(await queue.bodies()).toEqual([]);
      const [moved] = await dead.receive();
      expect(moved?.Body).toBe('poison');
      expect(moved?.Attributes?.AWSTraceHeader).toBe(header);
      expect(await queue.counts()).toEqual([0, 0, 0]);
    });

    test('keep the trace header that the SDK sends along with a call', async () => {
      const queue = await create();
      const header = 'Root=1-00000000-000000000000000000000000;Lineage=deadbeef:1';
      const { middlewareStack } = running().sqs;
      middlewareStack.add(
        (next) => (args) => {
          const { request } = args;
          if (typeof request === 'object' && request !== null && 'headers' in request) {
            Object.assign(request.headers ?? {}, { 'X-Amzn-Trace-Id': header });
          }
          return next(args);
        },
        { step: 'build', name: 'traceHeader' },
      );
      await queue.send('traced').finally(() => middlewareStack.remove('traceHeader'));
      const messages = await queue.receive();
      expect(messages.map(({ Attributes }) => Attributes?.AWSTraceHeader)).toEqual([header]);
    });

    test('take and refuse the entries of a batch each by itself', async () => {
      const queue = await create();
      const { Successful = [], Failed = [] } = await queue.sendAll([
        { Id: 'good', MessageBody: 'good\t\n' },
        { Id: 'character', MessageBody: 'bad \u0001' },
        { Id: 'noncharacter', MessageBody: 'bad \ufffe' },
        { Id: 'empty', MessageBody: '' },
        { Id: 'late', MessageBody: 'late', DelaySeconds: 901 },
        { Id: 'latest', MessageBody: 'latest', DelaySeconds: 900 },
      ]);
      expect(Successful.map(({ Id }) => Id)).toEqual(['good', 'latest']);
      expect(Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
        ['character', 'InvalidMessageContents', true],
        ['noncharacter', 'InvalidMessageContents', true],
        ['empty', 'MissingParameter', true],
        ['late', 'InvalidParameterValue', true],
      ]);
      expect(await queue.bodies()).toEqual(['good\t\n']);
      const { Failed: all } = await queue.sendAll([{ Id: 'late', MessageBody: 'late', DelaySeconds: -1 }]);
      expect(all?.map(({ Code }) => Code)).toEqual(['InvalidParameterValue']);
    });

    test('refuse what SQS refuses', async () => {
      const queue = await create();
      const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });
      await expect(queue.send('\u0008')).rejects.toMatchObject(named('InvalidMessageContents'));
      await expect(queue.send('x'.repeat(1_048_577))).rejects.toThrow();
      await expect(queue.send('')).rejects.toMatchObject(named('MissingParameter'));
      const late = queue.send('x', { DelaySeconds: 901 });
      await expect(late).rejects.toMatchObject(named('InvalidParameterValue'));
      await expect(queue.sendAll([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
      const many = Array.from({ length: 11 }, (_, n) => entry(String(n)));
      await expect(queue.sendAll(many)).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
      const twice = queue.sendAll([entry('same'), entry('same')]);
      await expect(twice).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
      const large = queue.sendAll(['a', 'b'].map((id) => entry(id, 'x'.repeat(600_000))));
      await expect(large).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
      expect(await queue.counts()).toEqual([0, 0, 0]);
    });

    test('are made once, and found by their names', async () => {
      const { sqs } = running();
      const make = (VisibilityTimeout: string) =>
        sqs.send(new CreateQueueCommand({ QueueName: 'named', Attributes: { VisibilityTimeout } }));
      const { QueueUrl } = await make('7');
      expect((await make('7')).QueueUrl).toBe(QueueUrl);
      await expect(make('8')).rejects.toMatchObject(named('QueueNameExists'));
      expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'named' }))).QueueUrl).toBe(QueueUrl);
      const unknown = sqs.send(new GetQueueUrlCommand({ QueueName: 'unknown' }));
      await expect(unknown).rejects.toThrow(QueueDoesNotExist);
    });
  });
}
