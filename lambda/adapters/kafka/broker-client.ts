import { compatibilityPartitioner, Producer } from '@platformatic/kafka';
import type { BrokerAccess } from './broker-access.ts';
import { connectionOptions } from './broker-access.ts';
import type { KafkaClient, TopicRecord } from './kafka-client.ts';

type BytesProducer = Producer<Buffer, Buffer, Buffer, Buffer>;

export interface TopicPosition {
  readonly partition: number;
  readonly offset: bigint;
}

/**
 * Kafka itself. Connects at the first call; a lost connection, another leader and a broker that restarts are the client's to get
 * over, and where it does not within the time, the next call begins with a new one.
 */
export class BrokerClient implements KafkaClient {
  readonly #access: BrokerAccess;
  readonly #callMs: number;
  #producer: BytesProducer | undefined;
  /** The last one that was begun: an idempotent producer numbers its batches, and they must arrive in that order. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param callMs what one call may take with all that the client tries again by itself */
  constructor(access: BrokerAccess, callMs = 10_000) {
    this.#access = access;
    this.#callMs = callMs;
  }

  async produce(topic: string, records: readonly TopicRecord[]): Promise<void> {
    await this.put(topic, records);
  }

  /** As `produce`. @returns where each record lies, in their order */
  put(topic: string, records: readonly TopicRecord[]): Promise<TopicPosition[]> {
    const put = this.#last.then(() => this.#inTime((producer) => putOn(producer, topic, records)));
    this.#last = put.catch(() => {});
    return put;
  }

  /** It changes nothing: what gets no answer, since another call has ended the connection, say, is asked for once more. */
  async partitions(topic: string): Promise<readonly number[]> {
    const ask = () =>
      this.#inTime((producer) => producer.metadata({ topics: [topic], forceUpdate: true }), this.#callMs / 2);
    const { topics } = await ask().catch(ask);
    const { partitions } = topics.get(topic) ?? { partitions: [] };
    return [...partitions.keys()];
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.close();
  }

  /** @throws BrokerError in a sentence */
  async #inTime<Result>(
    work: (producer: BytesProducer) => Promise<Result>,
    callMs = this.#callMs,
  ): Promise<Result> {
    this.#producer ??= producerFor(this.#access);
    const producer = this.#producer;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${callMs} ms`)), callMs);
    });
    try {
      return await Promise.race([work(producer), late]);
    } catch (error) {
      // What failed for ever and what is still under way ends with its connections.
      if (this.#producer === producer) this.#producer = undefined;
      producer.close().catch(() => {});
      throw new BrokerError(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The client's own choice takes another half of the hashes, and with it other partitions, than Java's clients do. */
async function putOn(
  producer: BytesProducer,
  topic: string,
  records: readonly TopicRecord[],
): Promise<TopicPosition[]> {
  const { topics } = await producer.metadata({ topics: [topic] });
  const count = topics.get(topic)?.partitionsCount ?? 1;
  const messages = records.map(({ key: text, value, partition: told }) => {
    const key = Buffer.from(text);
    return { topic, key, value, partition: told ?? compatibilityPartitioner({ topic }, key) % count };
  });
  const { offsets = [] } = await producer.send({ messages });
  const next = new Map(offsets.map(({ partition, offset }) => [partition, offset]));
  return messages.map(({ partition }) => {
    const offset = next.get(partition);
    if (offset === undefined) throw new Error(`there is no answer for partition ${partition} of ${topic}`);
    next.set(partition, offset + 1n);
    return { partition, offset };
  });
}

export class BrokerError extends Error {
  constructor(cause: unknown) {
    super(`Kafka: ${reasonOf(cause)}`, { cause });
    this.name = 'BrokerError';
  }
}

/** The client wraps errors in errors, and only the innermost says what it was. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors.at(-1));
  if (error instanceof Error && error.cause !== undefined) return `${error.message} ${reasonOf(error.cause)}`;
  return error instanceof Error ? error.message : String(error);
}

function producerFor(access: BrokerAccess): BytesProducer {
  return new Producer({ ...connectionOptions(access), idempotent: true });
}
