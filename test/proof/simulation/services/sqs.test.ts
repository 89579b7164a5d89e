import { expect, test } from 'vitest';
import type { ServiceOptions } from '../../../../proof/simulation/services/index.ts';
import { inMemoryServices } from '../../../contract/support/in-memory-services.ts';
import { TestQueue } from '../../../contract/support/test-queue.ts';

async function setUp(options: Partial<ServiceOptions> = {}, attributes: Record<string, string> = {}) {
  const memory = inMemoryServices(options);
  const queue = await TestQueue.create(memory.clients.sqs, attributes);
  return { ...memory, queue, name: queue.url.slice(queue.url.lastIndexOf('/') + 1) };
}

test('now and then a message comes twice, though its time has not come', async () => {
  const { queue } = await setUp({ redeliveryChance: 0.1 });
  const deliveries = new Map<string, number>();
  for (let n = 0; n < 100; n += 1) await queue.send(String(n));
  for (let calls = 0; calls < 40; calls += 1) {
    for (const body of await queue.bodies()) deliveries.set(body, (deliveries.get(body) ?? 0) + 1);
  }
  expect(deliveries.size).toBe(100);
  const twice = [...deliveries.values()].filter((count) => count > 1).length;
  expect(twice).toBeGreaterThan(0);
  expect(twice).toBeLessThan(40);
});

test('messages come in no order', async () => {
  const { queue } = await setUp();
  const bodies = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
  for (const body of bodies) await queue.send(body);
  const received = (await queue.receive()).map(({ Body }) => Body);
  expect(received).not.toEqual(bodies);
  expect(received.toSorted()).toEqual(bodies);
});

test('the handle of an older delivery deletes nothing, and one that is none is refused alone', async () => {
  const { queue, advance } = await setUp({}, { VisibilityTimeout: '10' });
  await queue.send('a');
  const [older] = await queue.receive();
  advance(10_000);
  const [newer] = await queue.receive();
  expect((await queue.delete([{ ReceiptHandle: older?.ReceiptHandle }])).Failed).toBeUndefined();
  expect(await queue.counts()).toEqual([0, 1, 0]);
  const nonsense = { ReceiptHandle: 'nonsense' };
  const { Successful, Failed } = await queue.delete([nonsense, { ReceiptHandle: newer?.ReceiptHandle }]);
  expect(Failed).toMatchObject([{ Id: '0', Code: 'ReceiptHandleIsInvalid' }]);
  expect(Successful).toEqual([{ Id: '1' }]);
  expect(await queue.counts()).toEqual([0, 0, 0]);
});

test('a delay is at most 900 s, and the time of the next message can be asked for', async () => {
  const { queue, services, name, now, advance } = await setUp({}, { VisibilityTimeout: '30' });
  expect(services.nextVisibleAt(name)).toBeUndefined();
  for (const DelaySeconds of [-1, 901]) {
    await expect(queue.send('x', { DelaySeconds })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  }
  const start = now();
  await queue.send('late', { DelaySeconds: 900 });
  await queue.send('soon', { DelaySeconds: 20 });
  expect(services.nextVisibleAt(name)).toBe(start + 20_000);
  advance(20_000);
  expect(services.nextVisibleAt(name)).toBe(now());
  const messages = await queue.receive();
  expect(messages.map(({ Body }) => Body)).toEqual(['soon']);
  expect(services.nextVisibleAt(name)).toBe(now() + 30_000);
  await queue.delete(messages);
  advance(880_000);
  expect(await queue.bodies()).toEqual(['late']);
});

test('any character of XML is taken, and a message goes when it has waited too long', async () => {
  const { queue, advance, services, name } = await setUp({}, { MessageRetentionPeriod: '60' });
  await queue.send('😀 \ud7ff \ue000 \ufffd');
  await queue.send('delayed', { DelaySeconds: 900 });
  expect(services.messages(name).map(({ body }) => body)).toEqual(['😀 \ud7ff \ue000 \ufffd', 'delayed']);
  advance(60_001);
  expect(await queue.counts()).toEqual([0, 0, 0]);
  advance(900_000);
  expect(await queue.receive()).toEqual([]);
});
