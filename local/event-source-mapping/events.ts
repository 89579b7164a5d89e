/** What a mapping tells its observer. Times are not in it: the observer has the clock. */
export type MappingEvent =
  | {
      type: 'invoked';
      source: string;
      records: number;
      window?: WindowBounds;
      final: boolean;
      early: boolean;
    }
  | { type: 'failed'; source: string; records: number; reason: string; error?: unknown }
  | { type: 'retried'; source: string; records: number; retries: number; waitMs: number }
  | { type: 'bisected'; source: string; records: number; into: [number, number] }
  | { type: 'partial'; source: string; records: number; succeeded: number }
  | { type: 'discarded'; source: string; records: number; condition: DiscardCondition }
  | { type: 'destinationFailed'; source: string; destination: string; error: unknown }
  | { type: 'windowClosed'; source: string; window: WindowBounds; early: boolean; reason: CloseReason }
  | { type: 'shardStarted'; source: string }
  | { type: 'shardFinished'; source: string }
  | { type: 'loopStopped'; source: string; records: number }
  | { type: 'pollFailed'; source: string; error: unknown };

/** Milliseconds since the epoch; the end is not part of the window. */
export interface WindowBounds {
  start: number;
  end: number;
}

/** As in the invocation record that AWS sends to an on-failure destination. */
export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** A record of a later window, no records, a state above its limit, or the end of the shard. */
export type CloseReason = 'border' | 'idle' | 'state' | 'shardEnd';

/** Called synchronously from the mapping's loops; it must not throw. `source` is a shard id or a queue's name. */
export type Observer = (event: MappingEvent) => void;
