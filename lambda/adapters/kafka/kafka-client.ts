/** What the adapters need of Kafka. The real one is in broker-client.ts; whoever runs the functions elsewhere gives another. */
export interface KafkaClient {
  /**
   * Resolves when all of them are in the topic.
   * @throws when one may not be there; others may be, and one that is given again may be there twice
   */
  produce(topic: string, records: readonly TopicRecord[]): Promise<void>;
  /** Its partitions of now, ascending. @throws when no broker says it, or the topic is missing */
  partitions(topic: string): Promise<readonly number[]>;
}

export interface TopicRecord {
  readonly key: string;
  readonly value: Buffer;
  /** Else the one that the hash of its key says, as Java's clients do. */
  readonly partition?: number;
}
