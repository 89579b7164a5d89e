/** What a mapping tells its observer. Times are not in it: the observer has the clock. */
export type MappingEvent =
  | {
      type: 'invoked';
      origin: string;
      records: number;
      window?: WindowBounds;
      final: boolean;
      early: boolean;
    }
  | { type: 'failed'; origin: string; records: number; reason: string; error?: unknown }
  | { type: 'retried'; origin: string; records: number; retries: number; waitMs: number }
  | { type: 'bisected'; origin: string; records: number; into: [number, number] }
  | { type: 'partial'; origin: string; records: number; succeeded: number }
  | { type: 'discarded'; origin: string; records: number; condition: DiscardCondition }
  | { type: 'destinationFailed'; origin: string; destination: string; error: unknown }
  | { type: 'windowClosed'; origin: string; window: WindowBounds; early: boolean; reason: CloseReason }
  | { type: 'shardStarted'; origin: string }
  | { type: 'shardFinished'; origin: string }
  /** Of a Kafka group: a poller has other partitions now. What it had under way counts for nothing. */
  | { type: 'rebalanced'; origin: string; partitions: readonly number[] }
  | { type: 'loopStopped'; origin: string; records: number }
  | { type: 'pollFailed'; origin: string; error: unknown };

/** Milliseconds since the epoch; the end is not part of the window. */
export interface WindowBounds {
  start: number;
  end: number;
}

/** As in the invocation record that AWS sends to an on-failure destination. */
export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'MaximumPayloadSizeExceeded';

/** A record of a later window, no records, a state above its limit, or the end of the shard. */
export type CloseReason = 'border' | 'idle' | 'state' | 'shardEnd';

/** Called synchronously from the mapping's loops; it must not throw. `origin` is a shard id, or the name of a queue or a topic. */
export type Observer = (event: MappingEvent) => void;
