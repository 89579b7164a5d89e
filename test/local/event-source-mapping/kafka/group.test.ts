import { channel } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sharedKafka } from '../../../support/kafka.ts';
import { KafkaMappings, KafkaRecorder, provisioned, textsIn } from './support.ts';

const kafka = await sharedKafka();
const mappings = new KafkaMappings();

/** Groups of clients that are closed and send heartbeats all the same, as the client's own tracing tells. */
const beatingOn: string[] = [];
const heartbeats = channel('tracing:plt:kafka:consumer:heartbeat:start');
const onHeartbeat = (message: unknown) => {
  const { client } = message as { client: { closed: boolean; groupId: string } };
  if (client.closed) beatingOn.push(client.groupId);
};

beforeAll(() => heartbeats.subscribe(onHeartbeat));
afterEach(() => mappings.stopAll());
afterAll(async () => {
  // Three heartbeats' time, for what must not come.
  beatingOn.length = 0;
  await sleep(300);
  heartbeats.unsubscribe(onHeartbeat);
  await kafka.close();
  expect(beatingOn).toEqual([]);
});

const put = (topic: string, values: readonly string[], partition = 0) =>
  kafka.put(
    topic,
    values.map((value) => ({ value, partition })),
  );

/** An invocation that ends when it is told to. */
function held() {
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  return {
    started: started.promise,
    release: () => release.resolve(),
    async invoke() {
      started.resolve();
      await release.promise;
    },
  };
}

describe.runIf(kafka.isThere)('the group remembers', () => {
  test('what is processed: a mapping goes on behind it after a pause, and so does the next one', async () => {
    const topic = await kafka.createTopic(2);
    await put(topic, ['a', 'b']);
    const host = new KafkaRecorder();
    const mapping = mappings.start(kafka, topic, host);
    await mapping.drained();
    await mapping.disable();
    expect(mapping.status().state).toBe('Disabled');
    await put(topic, ['c'], 1);
    expect(host.batches.flat()).toEqual(['a', 'b']);
    mapping.enable();
    await mapping.drained();
    await mapping.stop();
    await put(topic, ['d']);
    await mappings.start(kafka, topic, host).drained();
    expect(host.batches.flat()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('nothing of a batch that failed', async () => {
    const topic = await kafka.createTopic();
    await put(topic, ['a', 'b']);
    const failing = new KafkaRecorder(() => {
      throw new Error('always');
    });
    const mapping = mappings.start(kafka, topic, failing);
    await expect.poll(() => failing.events.length).toBeGreaterThan(1);
    await mapping.stop();
    const host = new KafkaRecorder();
    await mappings.start(kafka, topic, host).drained();
    expect(host.batches.flat()).toEqual(['a', 'b']);
  });

  test('of an invocation that ends while the mapping is disabled, that it was done', async () => {
    const topic = await kafka.createTopic();
    await put(topic, ['a']);
    const invocation = held();
    const host = new KafkaRecorder((_, count) => (count === 1 ? invocation.invoke() : null));
    const mapping = mappings.start(kafka, topic, host);
    await invocation.started;
    const disabled = mapping.disable();
    invocation.release();
    await disabled;
    await put(topic, ['b']);
    mapping.enable();
    await mapping.drained();
    expect(host.batches).toEqual([['a'], ['b']]);
  });

  test('where LATEST was, before the first record', async () => {
    const topic = await kafka.createTopic();
    await put(topic, ['before']);
    const host = new KafkaRecorder();
    const rules = { StartingPosition: 'LATEST' };
    const mapping = mappings.start(kafka, topic, host, rules);
    await mapping.drained();
    await mapping.stop();
    await put(topic, ['after']);
    await mappings.start(kafka, topic, host, rules).drained();
    expect(host.batches).toEqual([['after']]);
  });

  test('begins at a time', async () => {
    const topic = await kafka.createTopic();
    await put(topic, ['before']);
    await sleep(1_100);
    const StartingPositionTimestamp = Math.floor(Date.now() / 1000);
    await put(topic, ['after']);
    const host = new KafkaRecorder();
    const rules = { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp };
    await mappings.start(kafka, topic, host, rules).drained();
    expect(host.batches.flat()).toEqual(['after']);
  });
});

describe.runIf(kafka.isThere)('a rebalance', () => {
  test('gives partitions away while an invocation is under way: its answer counts for nothing', async () => {
    const topic = await kafka.createTopic();
    await put(topic, ['a', 'b']);
    const invocation = held();
    const host = new KafkaRecorder((_, count) => (count === 1 ? invocation.invoke() : null));
    const mapping = mappings.start(kafka, topic, host);
    await invocation.started;
    await mapping.rebalance();
    await mapping.drained();
    // The other poller has begun again where the first one was, and is through.
    await put(topic, ['c']);
    await mapping.drained();
    invocation.release();
    await mapping.disable();
    mapping.enable();
    await mapping.drained();
    const [first, second, ...others] = host.batches;
    expect([first, second]).toEqual(Array(2).fill(['a', 'b']));
    // The first poller may have had them a second time, before it was lost.
    expect(others.filter((batch) => !batch.includes('a'))).toEqual([['c']]);
    expect(others.at(-1)).toEqual(['c']);
  });

  test('shares partitions among pollers; each record is processed, and each partition in order', async () => {
    const topic = await kafka.createTopic(4);
    const host = new KafkaRecorder();
    const rules = { ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 2 }, BatchSize: 3 };
    const mapping = mappings.start(kafka, topic, host, rules);
    await expect
      .poll(() => mappings.of('rebalanced').some(({ partitions }) => partitions.length === 2))
      .toBe(true);
    for (let round = 0; round < 4; round += 1) {
      for (const partition of [0, 1, 2, 3]) await put(topic, [`${partition}:${round}`], partition);
      if (round === 1) await mapping.rebalance();
    }
    await mapping.drained();
    const firsts = [...new Set(host.events.flatMap(textsIn))];
    for (const partition of [0, 1, 2, 3]) {
      const own = firsts.filter((text) => text.startsWith(`${partition}:`));
      expect(own).toEqual([0, 1, 2, 3].map((round) => `${partition}:${round}`));
    }
  });

  test('gives partitions that were added to it, and their records are read from the first', async () => {
    const topic = await kafka.createTopic();
    const host = new KafkaRecorder();
    const emulation = { kafkaPartitionsMs: 100 };
    const mapping = mappings.start(kafka, topic, host, {}, { emulation });
    await mapping.drained();
    await kafka.addPartitions(topic, 3);
    await put(topic, ['new'], 2);
    await mapping.drained();
    expect(host.batches).toEqual([['new']]);
    expect(mapping.status()).toMatchObject({ shards: 3, unfinished: 0 });
  });
});

describe.runIf(kafka.isThere)('status', () => {
  test('has the lag of each partition, and says when all is done', async () => {
    const topic = await kafka.createTopic(2);
    await put(topic, ['a', 'b', 'c']);
    const invocation = held();
    const host = new KafkaRecorder(() => invocation.invoke());
    const mapping = mappings.start(kafka, topic, host, { ...provisioned, BatchSize: 2 });
    await invocation.started;
    await expect.poll(() => mapping.status().lag).toEqual({ [`${topic}-0`]: 3, [`${topic}-1`]: 0 });
    expect(mapping.status()).toMatchObject({ caughtUp: false, caughtUpTo: null, inFlight: 1, unfinished: 3 });
    expect(mapping.status().behindMs).toBeGreaterThanOrEqual(0);
    invocation.release();
    await mapping.drained();
    const now = Date.now();
    await expect.poll(() => mapping.status().caughtUpTo ?? 0).toBeGreaterThan(now);
    expect(mapping.status().lag).toEqual({ [`${topic}-0`]: 0, [`${topic}-1`]: 0 });
    expect(mapping.status().sourceArn).toBe(`kafka://${kafka.bootstrapServers}/${topic}`);
  });

  test('a mapping that is stopped drains no more', async () => {
    const topic = await kafka.createTopic();
    const mapping = mappings.start(kafka, topic, new KafkaRecorder());
    await mapping.drained();
    await mapping.stop();
    await expect(mapping.drained()).rejects.toThrow('The event source mapping was stopped');
  });

  test('a topic that is not there is told of, and processed once it is', async () => {
    const host = new KafkaRecorder();
    const missing = `missing-${Date.now()}`;
    mappings.start(kafka, missing, host);
    await expect.poll(() => mappings.of('pollFailed').length).toBeGreaterThan(0);
    expect(host.events).toEqual([]);
  });
});
