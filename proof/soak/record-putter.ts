import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Channel } from '../../client/expectations.ts';
import { grantItemOf, storeGrant } from '../../client/grants.ts';
import type { Clock } from '../../local/clock.ts';
import { eventsIn } from '../oracle/aggregates.ts';
import type { Grant } from '../oracle/oracle.ts';
import type { PlayerRecord } from '../simulation/player-record.ts';
import type { PlayerStreams } from './player-streams.ts';

/** PutRecords takes 500. */
const MOST_RECORDS = 500;
/** A shard takes 1 MB a second. */
const PAUSE_MS = 1_000;

/** Where operators put what they give. */
export interface GrantsTable {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
}

/** Puts the players' records and keeps their ids. */
export class RecordPutter {
  readonly #clock: Clock;
  readonly #streams: PlayerStreams;
  readonly #grants: GrantsTable;
  readonly put: Record<Channel, string[]> = { lottery: [], user: [] };
  /** What operators gave, and when it was there as far as they know, by its id. */
  readonly granted = new Map<string, Grant>();

  #events = 0;

  constructor(streams: PlayerStreams, grants: GrantsTable, clock: Clock) {
    this.#streams = streams;
    this.#grants = grants;
    this.#clock = clock;
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

  /** @returns what there was no room for: it is not there, so that it may be put again */
  async #put(channel: Channel, records: readonly PlayerRecord[]): Promise<PlayerRecord[]> {
    const ids = await this.#streams.put(channel, records);
    return records.filter((record, index) => {
      const id = ids[index];
      if (id === undefined) return true;
      this.put[channel].push(id);
      const [shardId = ''] = id.split(':', 1);
      this.#events += eventsIn({ ...record, shardId, sequenceNumber: '', arrival: 0 }).length;
      return false;
    });
  }
}
