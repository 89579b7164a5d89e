import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BrokerClient } from '../../../lambda/adapters/kafka/broker-client.ts';
import { KafkaPublisher } from '../../../lambda/adapters/kafka/kafka-publisher.ts';
import { sleep, standardRetry } from '../../../lambda/adapters/retry.ts';
import { type Broker, startBroker } from '../../../local/kafka/broker.ts';
import { withAdmin } from '../../../local/kafka/topics.ts';
import { KafkaMappings, KafkaRecorder, provisioned } from '../../local/event-source-mapping/kafka/support.ts';
import { sharedKafka, TestKafka } from '../../support/kafka.ts';

const shared = await sharedKafka();
const mappings = new KafkaMappings();
const brokers: Broker[] = [];
let client: BrokerClient | undefined;
let dataDir = '';

afterAll(async () => {
  await mappings.stopAll();
  await client?.close();
  await Promise.all(brokers.map((broker) => broker.stop()));
  await rm(dataDir, { recursive: true, force: true });
  await shared.close();
});

async function start(port: number): Promise<Broker> {
  const broker = await startBroker({
    ...{ port, dataDir },
    onFailure(error) {
      throw error;
    },
  });
  brokers.push(broker);
  return broker;
}

/** As a function has one. */
function publisherOn(bootstrapServers: string, topic: string): KafkaPublisher {
  client = new BrokerClient({ bootstrapServers: [bootstrapServers], auth: { kind: 'none' } });
  return new KafkaPublisher(client, topic, {
    ...{ ...standardRetry, attempts: 100, firstPauseMs: 1 },
    sleep: (ms) => sleep(Math.min(ms, 100)),
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}

/** Three claims on one restart: a broker is seconds of a core. */
describe.runIf(shared.isThere)('a broker that restarts', () => {
  it('has its topics, a mapping that goes on behind what was processed, and what functions put meanwhile', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kafka-restart-'));
    const first = await start(0);
    const port = Number(first.bootstrapServers.split(':')[1]);
    const before = new TestKafka(first.bootstrapServers);
    const topics = { processed: await before.createTopic(), published: await before.createTopic() };
    const recorder = new KafkaRecorder();
    mappings.start(before, topics.processed, recorder, provisioned);
    await before.put(topics.processed, [{ value: 'before' }]);
    await expect.poll(() => recorder.batches.flat(), { timeout: 60_000 }).toContain('before');
    const publisher = publisherOn(first.bootstrapServers, topics.published);
    await publisher.publish([{ partitionKey: '1', value: {} }]);
    await before.close();
    await first.stop();
    expect(await answers(port)).toBe(false);

    const publishing = publisher.publish([{ partitionKey: '2', value: {} }]);
    const again = await start(port);
    const names = await withAdmin(again.bootstrapServers, (admin) => admin.listTopics());
    expect(names.sort()).toEqual(Object.values(topics).sort());
    const after = new TestKafka(again.bootstrapServers);
    await after.put(topics.processed, [{ value: 'after' }]);
    await expect.poll(() => recorder.batches.flat(), { timeout: 120_000 }).toContain('after');
    // At least once: a commit that the broker had not answered may have been lost with it.
    expect(new Set(recorder.batches.flat())).toEqual(new Set(['before', 'after']));

    await publishing;
    expect(await after.ends(topics.published)).toEqual([2]);
    await after.close();
  });
});
