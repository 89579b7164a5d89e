import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../../local/kafka/broker.ts';
import { KafkaMappings, KafkaRecorder, provisioned } from '../../local/event-source-mapping/kafka/support.ts';
import { sharedKafka, TestKafka } from '../../support/kafka.ts';

const shared = await sharedKafka();
const mappings = new KafkaMappings();
const brokers: Broker[] = [];
let dataDir = '';

afterAll(async () => {
  await mappings.stopAll();
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

describe.runIf(shared.isThere)('a broker that restarts', () => {
  it('has its mapping go on behind what was processed, and nothing is lost', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kafka-restart-'));
    const first = await start(0);
    const before = new TestKafka(first.bootstrapServers);
    const topic = await before.createTopic();
    const recorder = new KafkaRecorder();
    mappings.start(before, topic, recorder, provisioned);
    await before.put(topic, [{ value: 'before' }]);
    await expect.poll(() => recorder.batches.flat(), { timeout: 60_000 }).toContain('before');
    await before.close();
    await first.stop();

    const again = await start(Number(first.bootstrapServers.split(':')[1]));
    const after = new TestKafka(again.bootstrapServers);
    await after.put(topic, [{ value: 'after' }]);
    await expect.poll(() => recorder.batches.flat(), { timeout: 120_000 }).toContain('after');
    await after.close();
    // At least once: a commit that the broker had not answered may have been lost with it.
    expect(new Set(recorder.batches.flat())).toEqual(new Set(['before', 'after']));
  });
});
