import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { BrokerClient } from '../../../../lambda/adapters/kafka/broker-client.ts';
import { sharedKafka } from '../../../support/kafka.ts';

const kafka = await sharedKafka();
const clients: BrokerClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(() => kafka.close());

function clientOf(bootstrapServers: string, callMs?: number): BrokerClient {
  const client = new BrokerClient({ bootstrapServers: [bootstrapServers], auth: { kind: 'none' } }, callMs);
  clients.push(client);
  return client;
}

const record = (key: string, partition?: number) => ({
  ...{ key, value: Buffer.from(key) },
  ...(partition === undefined ? {} : { partition }),
});

/** Of Kafka's own tests: `Utils.murmur2` of these texts, in Java. */
const hashes = { '21': -973_932_308, foobar: -790_332_482, 'a-little-bit-long-string': -985_981_536 };

/** @param taken the partition of each record */
function expectedEnds(taken: readonly number[], partitions: number): number[] {
  return Array.from(
    { length: partitions },
    (_, partition) => taken.filter((each) => each === partition).length,
  );
}

describe.runIf(kafka.isThere)('the client of a broker', () => {
  test('puts a record on the partition that Java’s clients choose for its key, or on the one that is told', async () => {
    const topic = await kafka.createTopic(7);
    const client = clientOf(kafka.bootstrapServers);
    await client.produce(topic, [...Object.keys(hashes).map((key) => record(key)), record('told', 6)]);
    const partitions = Object.values(hashes).map((hash) => (hash & 0x7f_ff_ff_ff) % 7);
    expect(await kafka.ends(topic)).toEqual(expectedEnds([...partitions, 6], 7));
  });

  test('finds partitions that were added since', async () => {
    const topic = await kafka.createTopic(1);
    const client = clientOf(kafka.bootstrapServers);
    expect(await client.partitions(topic)).toEqual([0]);
    await kafka.addPartitions(topic, 3);
    expect(await client.partitions(topic)).toEqual([0, 1, 2]);
    await client.produce(topic, [record('new', 2)]);
    expect(await kafka.ends(topic)).toEqual(expectedEnds([2], 3));
  });

  test('puts what several ask for at once, each once', async () => {
    const topic = await kafka.createTopic(1);
    const client = clientOf(kafka.bootstrapServers);
    await Promise.all(Array.from({ length: 20 }, (_, n) => client.produce(topic, [record(`${n}`)])));
    expect(await kafka.ends(topic)).toEqual([20]);
  });

  test('names a topic that is missing, and goes on with the others', async () => {
    const topic = await kafka.createTopic(1);
    const client = clientOf(kafka.bootstrapServers);
    await expect(client.produce('missing', [record('1')])).rejects.toThrow('Kafka: Unknown topic missing.');
    await expect(client.partitions('missing')).rejects.toThrow('Kafka: Unknown topic missing.');
    await client.produce(topic, [record('1')]);
    expect(await kafka.ends(topic)).toEqual([1]);
  });
});

describe.runIf(kafka.isThere)('a connection that is never answered', () => {
  test('is given up, and partitions are asked for by another', async () => {
    const topic = await kafka.createTopic();
    const [host = '', port = ''] = kafka.bootstrapServers.split(':');
    const sockets: Socket[] = [];
    const first = createServer((socket) => {
      sockets.push(socket);
      if (sockets.length > 1) socket.pipe(connect(Number(port), host)).pipe(socket);
    });
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const address = first.address();
    if (address === null || typeof address === 'string') throw new TypeError('It listens on no port');
    const client = clientOf(`127.0.0.1:${address.port}`, 4_000);
    expect(await client.partitions(topic)).toEqual([0]);
    await client.close();
    first.close();
    for (const socket of sockets) socket.destroy();
  });
});

describe('without a broker', () => {
  test('a call fails in a sentence, and in time', async () => {
    const client = clientOf('127.0.0.1:1');
    await expect(client.produce('topic', [record('1')])).rejects.toThrow(
      /^Kafka: .*ECONNREFUSED 127.0.0.1:1/,
    );
  });

  test('that answers a call is over after its time, and the next one has another connection', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new TypeError('It listens on no port');
    const client = clientOf(`127.0.0.1:${address.port}`, 300);
    await expect(client.partitions('topic')).rejects.toThrow('Kafka: no answer within 150 ms');
    const before = sockets.length;
    const again = client.partitions('topic').catch(() => {});
    await expect.poll(() => sockets.length).toBeGreaterThan(before);
    await client.close();
    silent.close();
    for (const socket of sockets) socket.destroy();
    await again;
  });
});
