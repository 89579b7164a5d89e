import { decodeLotteryRecord, decodeUserRecord, isHeartbeat } from '../lambda/core/decode.ts';
import type { LotteryEvent, UserEvent } from '../lambda/core/events.ts';
import { recordIdOf } from '../lambda/core/ids.ts';
import type { Clock } from '../local/clock.ts';
import { inputRecordsOf } from './aggregated.ts';
import type { Environment } from './environment/open.ts';
import { FollowedOutcomes } from './followed-outcomes.ts';
import type { OutputEvent } from './output-events.ts';
import { type Producer, producerOf } from './producer.ts';

/** One call of PutRecords takes so many, and 5 MiB. */
const MOST_RECORDS = 500;
const MOST_BYTES = 4_000_000;

export interface PutRecord {
  readonly stream: 'user' | 'lottery';
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

export interface PutsOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  /** Ends putting, and waiting. */
  readonly signal: AbortSignal;
  /** In the order in which they come, each once. @param arrival ms */
  onOutcome(event: OutputEvent, arrival: number): void;
}

/** Puts records as they are, and has the outcome of each event in them. */
export class Puts {
  readonly #options: PutsOptions;
  readonly #producer: Producer;
  readonly #outcomes: FollowedOutcomes;
  #events = 0;
  #isPutting = true;

  constructor(options: PutsOptions) {
    const { environment, clock } = options;
    this.#options = options;
    this.#producer = producerOf(environment, clock);
    this.#outcomes = new FollowedOutcomes({ environment, clock, isPutting: () => this.#isPutting });
  }

  /**
   * @param timeoutMs how long after the last put the outcomes may take; undefined: nobody waits for any
   * @returns how many events were put, and of how many there is no outcome @throws what putting and following throw
   */
  async run(
    records: AsyncIterable<PutRecord>,
    timeoutMs: number | undefined,
  ): Promise<{ put: number; missing: number }> {
    if (timeoutMs === undefined) {
      await this.#putAll(records);
      return { put: this.#events, missing: 0 };
    }
    return this.#outcomes.during(async (signal) => {
      await this.#putAll(records);
      this.#isPutting = false;
      await this.#outcomes.settled(timeoutMs, signal);
      return { put: this.#events, missing: this.#outcomes.owed };
    }, this.#options.signal);
  }

  async #putAll(records: AsyncIterable<PutRecord>): Promise<void> {
    let call: PutRecord[] = [];
    let bytes = 0;
    for await (const record of records) {
      if (this.#options.signal.aborted) return;
      const isOther = call[0] !== undefined && call[0].stream !== record.stream;
      if (isOther || call.length === MOST_RECORDS || bytes + record.data.length > MOST_BYTES) {
        await this.#put(call);
        call = [];
        bytes = 0;
      }
      call.push(record);
      bytes += record.data.length;
    }
    await this.#put(call);
  }

  async #put(records: readonly PutRecord[]): Promise<void> {
    const [first] = records;
    if (first === undefined) return;
    const ids = await this.#producer.putAll(first.stream, records);
    for (const [index, record] of records.entries())
      for (const id of awaitedIn(record, ids[index] ?? '')) {
        this.#events += 1;
        this.#outcomes.expect(first.stream, id, this.#options.onOutcome);
      }
  }
}

/** Ids of the events in a record that have an outcome: all but heartbeats. */
function awaitedIn({ stream, partitionKey, data }: PutRecord, recordId: string): string[] {
  const [shardId = '', sequenceNumber = ''] = recordId.split(':');
  const decode = stream === 'lottery' ? decodeLotteryRecord : decodeUserRecord;
  return inputRecordsOf({ stream, shardId, sequenceNumber, partitionKey, arrival: 0, data }).flatMap(
    (record) => (isHeartbeat<LotteryEvent | UserEvent>(decode(record)) ? [] : [recordIdOf(record.source)]),
  );
}
