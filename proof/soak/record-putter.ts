import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Channel } from '../../client/expectations.ts';
import { grantItemOf, storeGrant } from '../../client/grants.ts';
import type { LotteryResources } from '../../client/resources.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import type { Clock } from '../../local/clock.ts';
import { eventsIn } from '../oracle/aggregates.ts';
import type { Grant } from '../oracle/oracle.ts';
import type { PlayerRecord } from '../simulation/player-record.ts';

/** PutRecords takes 500. */
const MOST_RECORDS = 500;
/** A shard takes 1 MB a second. */
const PAUSE_MS = 1_000;

/** Where operators put what they give. */
export interface GrantsTable {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
}

/**
 * Puts the players' records and keeps their ids. Its client must not try again by itself: a put whose answer was
 * lost would be there twice, and counted once.
 */
export class RecordPutter {
  readonly #outer: OuterStreams;
  readonly #clock: Clock;
  readonly #streams: Readonly<Record<Channel, string>>;
  readonly #grants: GrantsTable;
  readonly put: Record<Channel, string[]> = { lottery: [], user: [] };
  /** What operators gave, and when it was there as far as they know, by its id. */
  readonly granted = new Map<string, Grant>();

  #events = 0;

  constructor(outer: OuterStreams, grants: GrantsTable, clock: Clock, resources: LotteryResources) {
    const { lotteryEventsInput, userEventsInput } = resources;
    this.#outer = outer;
    this.#grants = grants;
    this.#clock = clock;
    this.#streams = { lottery: lotteryEventsInput, user: userEventsInput };
  }

  /** Of events: an aggregated record has several. */
  get count(): number {
    return this.#events;
  }

  /** @throws Error when one record is not on its stream, or a grant not in its table */
  async putAll(all: readonly PlayerRecord[]): Promise<void> {
    for (const record of all) await this.#store(record);
    const records = all.filter(({ isLost }) => isLost !== true);
    for (const channel of ['lottery', 'user'] as const) {
      const ofChannel = records.filter((record) => record.channel === channel);
      for (let start = 0; start < ofChannel.length; start += MOST_RECORDS) {
        await this.#putSome(channel, ofChannel.slice(start, start + MOST_RECORDS));
      }
    }
  }

  async #store({ grant }: PlayerRecord): Promise<void> {
    if (grant === undefined) return;
    const { dynamodb, table } = this.#grants;
    const item = grantItemOf(grant, this.#clock.now());
    const { grantId, userId, coupons, reason, grantedAt: from } = item;
    await storeGrant(dynamodb, table, item);
    if (this.granted.has(grantId)) return;
    this.granted.set(grantId, { userId, coupons, reason, from, until: this.#clock.now() });
  }

  async #putSome(channel: Channel, records: readonly PlayerRecord[]): Promise<void> {
    let left = records;
    while (left.length > 0) {
      if (left.length < records.length) await this.#clock.sleep(PAUSE_MS);
      left = await this.#put(channel, left);
    }
  }

  /** @returns what the shard had no room for: it is not there, so that it may be put again */
  async #put(channel: Channel, records: readonly PlayerRecord[]): Promise<PlayerRecord[]> {
    const ids = await this.#outer.put(this.#streams[channel], records);
    return records.filter((record, index) => {
      const id = ids[index];
      if (id === undefined) return true;
      this.put[channel].push(id);
      this.#events += eventsIn({ ...record, shardId: '', sequenceNumber: '', arrival: 0 }).length;
      return false;
    });
  }
}
