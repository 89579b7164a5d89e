import type { Clock } from '../clock.ts';
import { type AwsAnswer, errorAnswer } from '../proxy/aws-call.ts';
import { rateExceeded, ShardLimits, type ShardPlace, THROTTLED, type Throttled } from './shard-limits.ts';

export interface LimitedShardsOptions {
  readonly clock: Clock;
  readonly accountId: string;
  /** Told what is refused. */
  readonly onThrottled: (throttled: Throttled) => void;
}

/** The limits of every shard that was written to or read from. */
export class LimitedShards {
  readonly #options: LimitedShardsOptions;
  readonly #limits = new Map<string, ShardLimits>();

  constructor(options: LimitedShardsOptions) {
    this.#options = options;
  }

  /** ms. */
  get now(): number {
    return this.#options.clock.now();
  }

  limitsOf({ stream, shardId }: ShardPlace): ShardLimits {
    const key = `${stream}/${shardId}`;
    const known = this.#limits.get(key) ?? new ShardLimits();
    this.#limits.set(key, known);
    return known;
  }

  /** The answer to a call that is refused. */
  refuse(throttled: Throttled): AwsAnswer {
    this.note(throttled);
    return errorAnswer(400, THROTTLED, this.messageFor(throttled));
  }

  note(throttled: Throttled): void {
    this.#options.onThrottled(throttled);
  }

  messageFor({ stream, shardId }: ShardPlace): string {
    return rateExceeded(shardId, stream, this.#options.accountId);
  }
}
