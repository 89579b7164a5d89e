import { decodeLotteryRecord, decodeUserRecord, isHeartbeat } from '../lambda/core/decode.ts';
import type { LotteryEvent, UserEvent } from '../lambda/core/events.ts';
import { recordIdOf } from '../lambda/core/ids.ts';
import type { Clock } from '../local/clock.ts';
import { inputRecordsOf } from './aggregated.ts';
import type { Environment } from './environment/open.ts';
import { outerOf } from './environment/output.ts';
import { Follower } from './follower.ts';
import { Outcomes } from './outcomes.ts';
import { type OutputEvent, parseOutputEvent, recordIdOfOutcome } from './output-events.ts';
import { Producer } from './producer.ts';

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
  readonly #follower: Follower;
  readonly #outcomes = new Outcomes();
  readonly #arrivals = new WeakMap<OutputEvent, number>();
  #events = 0;
  #isPutting = true;

  constructor(options: PutsOptions) {
    const { environment, clock } = options;
    const { streams: outer } = environment;
    const lotteryOutput = outerOf(environment, 'LotteryEventsOutput');
    this.#options = options;
    const inputs = {
      lotteryEventsInput: outerOf(environment, 'LotteryEventsInput'),
      userEventsInput: outerOf(environment, 'UserEventsInput'),
    };
    this.#producer = new Producer(outer, inputs, clock);
    this.#follower = new Follower({
      ...{ outer, clock, from: 'latest' },
      streams: [lotteryOutput, outerOf(environment, 'UserEventsOutput')],
      onRecord: ({ stream, data, arrival }) => {
        const event = parseOutputEvent(data);
        const recordId = event && recordIdOfOutcome(event);
        if (event === undefined || recordId === undefined) return;
        this.#arrivals.set(event, arrival);
        this.#outcomes.settle(stream === lotteryOutput ? 'lottery' : 'user', recordId, event);
        // What is not ours, or comes again, is of no use.
        if (!this.#isPutting) this.#outcomes.forgetEarly();
      },
    });
  }

  /**
   * @param timeoutMs how long after the last put the outcomes may take; undefined: nobody waits for any
   * @returns how many events were put, and of how many there is no outcome @throws what putting and following throw
   */
  async run(
    records: AsyncIterable<PutRecord>,
    timeoutMs: number | undefined,
  ): Promise<{ put: number; missing: number }> {
    const { clock, signal } = this.#options;
    if (timeoutMs === undefined) {
      await this.#putAll(records);
      return { put: this.#events, missing: 0 };
    }
    const ending = new AbortController();
    const both = AbortSignal.any([signal, ending.signal]);
    await this.#follower.begin();
    const following = this.#follower.run(both);
    const working = (async () => {
      await this.#putAll(records);
      this.#isPutting = false;
      const by = clock.now() + timeoutMs;
      await this.#follower.until(() => this.#outcomes.owed === 0 || clock.now() >= by, both);
    })();
    try {
      // Without what follows nothing comes any more, and whoever waits for it would wait for ever.
      await Promise.race([working, following.then(() => working)]);
      return { put: this.#events, missing: this.#outcomes.owed };
    } finally {
      ending.abort();
      working.catch(() => {});
      await following.catch(() => {});
    }
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
        this.#outcomes.expect(first.stream, id, (event) =>
          this.#options.onOutcome(event, this.#arrivals.get(event) ?? 0),
        );
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
