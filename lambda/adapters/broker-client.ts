import { compatibilityPartitioner, Producer } from '@platformatic/kafka';
import type { BrokerAccess } from './broker-access.ts';
import { connectionOptions } from './broker-access.ts';
import type { KafkaClient, TopicRecord } from './kafka-client.ts';

type BytesProducer = Producer<Buffer, Buffer, Buffer, Buffer>;

/** What one call may take with all that the client tries again by itself, ms. */
const callMs = 10_000;

/**
 * Kafka itself. Connects at the first call; a lost connection, another leader and a broker that restarts are the client's to get
 * over, and where it does not within the time, the next call begins with a new one.
 */
export class BrokerClient implements KafkaClient {
  readonly #access: BrokerAccess;
  #producer: BytesProducer | undefined;
  /** The last one that was begun: an idempotent producer numbers its batches, and they must arrive in that order. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(access: BrokerAccess) {
    this.#access = access;
  }

  produce(topic: string, records: readonly TopicRecord[]): Promise<void> {
    const produced = this.#last.then(() => this.#produce(topic, records));
    this.#last = produced.catch(() => {});
    return produced;
  }

  async partitions(topic: string): Promise<readonly number[]> {
    const { topics } = await this.#inTime((producer) =>
      producer.metadata({ topics: [topic], forceUpdate: true }),
    );
    const { partitions } = topics.get(topic) ?? { partitions: [] };
    return [...partitions.keys()];
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.close();
  }

  async #produce(topic: string, records: readonly TopicRecord[]): Promise<void> {
    const messages = records.map(({ key, value, partition }) => ({
      ...{ topic, key: Buffer.from(key), value },
      ...(partition === undefined ? {} : { partition }),
    }));
    await this.#inTime((producer) => producer.send({ messages }));
  }

  /** @throws BrokerError in a sentence */
  async #inTime<Result>(work: (producer: BytesProducer) => Promise<Result>): Promise<Result> {
    this.#producer ??= producerFor(this.#access);
    const producer = this.#producer;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${callMs / 1_000} s`)), callMs);
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
  return new Producer({
    ...connectionOptions(access),
    idempotent: true,
    // The client's own default takes another half of the hashes for other partitions than Java's clients do.
    partitioner: (message, key) => compatibilityPartitioner(message, key),
  });
}
