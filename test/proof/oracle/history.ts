import { createHash, createHmac } from 'node:crypto';
import { judge, type OutputRecord } from '../../../proof/audit/judge.ts';
import type { Settings } from '../../../proof/oracle/oracle.ts';
import type { InputRecord } from '../../../proof/oracle/streams.ts';

type Channel = 'lottery' | 'user';
/** By their entries. */
export type Users = Readonly<Record<string, number>>;
export type Json = Readonly<Record<string, unknown>>;

export const settings: Settings = {
  ...{ windowMs: 10_000, graceMs: 2_000, toleranceMs: 60_000, retentionMs: 90_000_000 },
  ...{ slackMs: 0, until: 1_000_000 },
};

export const shard = 'shardId-000000000000';
export const seedOf = (run: number): string => String(run).padStart(64, 'a');
export const commitmentOf = (seed: string): string =>
  createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex');

export function priorityOf(seed: string, lotteryId: number, windowStart: number, entryId: string): string {
  const windowSeed = windowSeedOf(seed, lotteryId, windowStart);
  return createHash('sha256').update(`${windowSeed}:${entryId}`).digest('hex');
}

export function windowSeedOf(seed: string, lotteryId: number, windowStart: number): string {
  return createHmac('sha256', Buffer.from(seed, 'hex')).update(`${lotteryId}:${windowStart}`).digest('hex');
}

/** What a test puts on the streams, and says became of it; written by hand, one line an event. */
export class History {
  readonly records: Record<Channel, InputRecord[]> = { lottery: [], user: [] };
  readonly outputs: Record<Channel, OutputRecord[]> = { lottery: [], user: [] };
  readonly parents: Record<Channel, Map<string, readonly string[]>> = { lottery: new Map(), user: new Map() };
  users: { userId: string; coupons: number }[] | undefined;
  settings: Settings = settings;
  #count = 0;

  /** @returns the record's id */
  put(at: number, event: Json | Buffer, more: { shardId?: string; partitionKey?: string } = {}): string {
    this.#count += 1;
    const isBytes = Buffer.isBuffer(event);
    const channel = !isBytes && String(event.type).startsWith('Lottery') ? 'lottery' : 'user';
    const key = isBytes ? 'none' : String(channel === 'user' ? event.userId : event.lotteryId);
    const { shardId = shard, partitionKey = key } = more;
    const data = isBytes ? event : Buffer.from(JSON.stringify(event));
    this.records[channel].push({
      ...{ shardId, sequenceNumber: String(1_000 + this.#count), partitionKey, arrival: at, data },
    });
    return `${shardId}:${1_000 + this.#count}`;
  }

  say(channel: Channel, at: number, event: Json): void {
    this.outputs[channel].push({ text: JSON.stringify(event), at });
  }

  start(at: number, run: number, more: Json = {}, saidAt = at + 500): void {
    const recordId = this.put(at, { type: 'LotteryStartEvent', lotteryId: 1, ...more });
    const { prizes, timestamp } = more;
    const { windowMs, graceMs, toleranceMs } = this.settings;
    const first = { firstWindowStart: windowOf(Number(timestamp ?? at)) };
    const hasFirst = toleranceMs !== undefined || prizes !== undefined || timestamp !== undefined;
    const seedCommitment = commitmentOf(seedOf(run));
    const replay = toleranceMs === undefined ? { replay: true } : {};
    const said = { type: 'LotteryStartedEvent', lotteryId: 1, run, seedCommitment, recordId, prizes };
    this.say('lottery', saidAt, { ...said, windowMs, graceMs, ...(hasFirst && first), ...replay });
  }

  /** @param lastWindowStart that of its arrival, in a replay that of its time */
  stop(at: number, run: number, more: StopOptions = {}): void {
    const { saidAt = at + 500, timestamp, lastWindowStart = windowOf(timestamp ?? at) } = more;
    const recordId = this.put(at, { type: 'LotteryStopEvent', lotteryId: 1, timestamp });
    this.say('lottery', saidAt, {
      type: 'LotteryStoppedEvent',
      lotteryId: 1,
      run,
      lastWindowStart,
      recordId,
    });
  }

  /** @returns the record's id */
  heartbeat(at: number, time?: number, shardId = shard): string {
    return this.put(at, { type: 'Heartbeat', time }, { shardId, partitionKey: 'heartbeat' });
  }

  end(at: number, run: number): void {
    const seed = seedOf(run);
    const seedCommitment = commitmentOf(seed);
    this.say('lottery', at, { type: 'LotteryEndedEvent', lotteryId: 1, run, seed, seedCommitment });
  }

  buy(at: number, userId: number, purchasedCoupons: number, availableCoupons: number, more: Json = {}): void {
    const recordId = this.put(at, { type: 'UserBuyCouponEvent', userId, purchasedCoupons, ...more });
    const said = { type: 'CouponsBoughtEvent', userId, purchasedCoupons, availableCoupons, recordId };
    this.say('user', at + 500, said);
  }

  /** An accepted click, in the window of its timestamp where none is given. @returns its entry id */
  click(at: number, userId: number, availableCoupons: number, more: ClickOptions = {}): string {
    const { timestamp = at, run = 1, saidAt = at + 500, windowStart = windowOf(timestamp), shardId } = more;
    const event = { type: 'UserClickEvent', userId, lotteryId: 1, timestamp };
    const entryId = this.put(at, event, shardId === undefined ? {} : { shardId });
    const ids = { userId, lotteryId: 1, entryId, drawId: drawIdOf(windowStart, run), availableCoupons };
    const times = { timestamp, arrival: at, windowStart, windowEnd: windowStart + settings.windowMs };
    this.say('user', saidAt, { type: 'ClickAcceptedEvent', ...ids, ...times });
    return entryId;
  }

  /** The coupon of an entry goes back. @returns the event that asks for it */
  refund(at: number, userId: number, availableCoupons: number, more: RefundOptions): Json {
    const ids = { userId, lotteryId: 1, ...more };
    const event = { type: 'CouponRefundEvent', ...ids };
    const recordId = this.put(at, event);
    this.say('user', at + 500, { type: 'CouponRefundedEvent', ...ids, availableCoupons, recordId });
    return event;
  }

  /** @returns the record's id */
  reject(at: number, event: Json, reason: string, more: Json = {}, saidAt = at + 500): string {
    const recordId = this.put(at, event);
    const channel = String(event.type).startsWith('Lottery') ? 'lottery' : 'user';
    this.say(channel, saidAt, { ...rejection(reason, recordId), ...more, event });
    return recordId;
  }

  /** The entry with the lowest priority wins. */
  win(at: number, windowStart: number, entries: Users, more: Json = {}): void {
    const run = Number(more.run ?? 1);
    const ranks = Object.keys(entries).map((entryId) => {
      const priority = priorityOf(seedOf(run), 1, windowStart, entryId);
      return { entryId, userId: entries[entryId], priority };
    });
    const [winner] = ranks.toSorted((left, right) => (left.priority < right.priority ? -1 : 1));
    this.say('lottery', at, {
      ...{ type: 'LotteryWinnerEvent', drawId: drawIdOf(windowStart, run), lotteryId: 1, run, windowStart },
      ...{ windowEnd: windowStart + settings.windowMs, entries: ranks.length, ...winner },
      ...{ windowSeed: windowSeedOf(seedOf(run), 1, windowStart), ...more },
    });
  }

  /** Changes what was said: each event that the change gives something else for. */
  change(change: (event: Json) => Json | readonly Json[]): this {
    for (const channel of ['lottery', 'user'] as const) {
      this.outputs[channel] = this.outputs[channel].flatMap(({ text, at = 0 }) =>
        [change(JSON.parse(text))].flat().map((event) => ({ text: JSON.stringify(event), at })),
      );
    }
    return this;
  }

  violations(): string[] {
    const { records, parents } = this;
    return judge({ records, parents }, this.settings, this.outputs, this.users);
  }
}

interface StopOptions {
  saidAt?: number;
  timestamp?: number;
  lastWindowStart?: number;
}

interface RefundOptions {
  drawId: string;
  entryId: string;
}

interface ClickOptions {
  timestamp?: number;
  run?: number;
  saidAt?: number;
  windowStart?: number;
  shardId?: string;
}

const windowOf = (time: number): number => Math.floor(time / settings.windowMs) * settings.windowMs;

export const drawIdOf = (windowStart: number, run: number): string =>
  `1@${windowStart}${run === 1 ? '' : `#${run}`}`;

export function rejection(reason: string, recordId: string): Json {
  return { type: 'EventRejectedEvent', reason, message: 'for people', recordId };
}
