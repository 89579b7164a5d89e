import type { TopicRecord } from '../../kafka/records.ts';
import type { Changes } from '../wake.ts';
import type { KafkaContext } from './context.ts';

/** Partitions that are a member's own, until the group makes the next generation. */
export interface Generation {
  generationId: number;
  memberId: string;
  partitions: readonly number[];
}

/** What an answer had of a partition. */
export interface Fetched {
  partition: number;
  records: readonly TopicRecord[];
  /** Where to read on. */
  next: bigint;
  /** The log's end. */
  end: bigint;
}

/** Reads partitions of a topic. All but `forget` and `close` throw what the brokers say. */
export interface Reader {
  /** What there is from these offsets on, or after a wait without anything: partitions that have nothing new are not in it. */
  fetch(from: ReadonlyMap<number, bigint>): Promise<Fetched[]>;
  /** By partition: the first offset at or after a time in ms, or that of the log's beginning or end. */
  offsets(
    at: 'earliest' | 'latest' | number,
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, bigint>>;
  /** Of all partitions that there are now. */
  ends(): Promise<ReadonlyMap<number, bigint>>;
  /** After an error: what is known of leaders is forgotten. */
  forget(): void;
  /** Also ends a fetch that waits. */
  close(): Promise<void>;
}

/** The offsets that a group has committed, for the member of a generation. */
export interface GroupOffsets {
  /** By partition; those without one are missing. @throws what the brokers say */
  load(partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>>;
  /** @returns false where the partitions are not the member's any more @throws what the brokers say */
  commit(offsets: ReadonlyMap<number, bigint>): Promise<boolean>;
  close(): Promise<void>;
}

/** A member of the mapping's consumer group. */
export interface Member {
  readonly changes: Changes;
  readonly current: Generation | undefined;
  /** Why it is none any more; undefined while it is one. */
  readonly failure: unknown;
  /** @throws what the brokers or the client say */
  join(): Promise<void>;
  /** Has the group share out anew where the topic has more partitions than before. @throws what the brokers say */
  look(): Promise<void>;
  /** Its partitions go to the others at once. */
  leave(): Promise<void>;
}

/** What a mapping does with its topic's brokers. */
export interface KafkaAccess {
  member(context: KafkaContext): Member;
  reader(context: KafkaContext): Reader;
  offsets(context: KafkaContext, generation: Generation): GroupOffsets;
}
