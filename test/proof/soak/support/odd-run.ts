import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { OutputEvent } from '../../../../client/output-events.ts';
import { recordIdOfOutcome } from '../../../../client/output-events.ts';
import { asciiJson } from '../../../../lambda/adapters/sqs-tick-queue.ts';
import type { PlayerRecord } from '../../../../proof/simulation/player-record.ts';
import type { EventType, Json } from '../../../support/odd-values.ts';
import type { BrokenFunctions } from './broken-functions.ts';
import type { WatchedRuntime } from './watched-runtime.ts';

const goodEvery = 5;
/** SQS takes 10 messages a call. */
const perMessageBatch = 10;
/** The test's own time-out ends a wait. */
const never = new AbortController().signal;

/** A running environment that is given odd records, and good ones that must have what is due to them all the same. */
export class OddRun {
  readonly watched: WatchedRuntime;
  readonly #broken: BrokenFunctions;

  constructor(watched: WatchedRuntime, broken: BrokenFunctions) {
    this.watched = watched;
    this.#broken = broken;
  }

  /** Puts the records and waits for all that they bring about. @returns the types of their outcomes, lotteries' first */
  async play(records: readonly PlayerRecord[]): Promise<(string | undefined)[]> {
    const { putter, watcher } = this.watched;
    const before = { user: putter.put.user.length, lottery: putter.put.lottery.length };
    await putter.putAll(records);
    await this.#broken.race(this.watched.complete());
    return (['lottery', 'user'] as const).flatMap((channel) => {
      const types = new Map(
        watcher.outputs.of(channel).map((event) => [recordIdOfOutcome(event), event.type]),
      );
      return putter.put[channel].slice(before[channel]).map((id) => types.get(id));
    });
  }

  /** A good event after every few odd ones: each odd one has an outcome, whatever it is, and each good one its own. */
  async playOdd(
    odd: readonly PlayerRecord[],
    good: (index: number) => PlayerRecord,
    expected: OutputEvent['type'],
  ): Promise<void> {
    const isGood = (index: number) => index % goodEvery === goodEvery - 1;
    const mixed = odd.flatMap((record, index) => (isGood(index) ? [record, good(index)] : [record]));
    const types = await this.play([...mixed, good(odd.length)]);
    expect(types).not.toContain(undefined);
    const goodTypes = types.filter((_, index) => index % (goodEvery + 1) === goodEvery);
    expect([...goodTypes, types.at(-1)]).toEqual(Array(goodTypes.length + 1).fill(expected));
  }

  /** What is put on the entries stream has no outcome of its own: that a click after it has its draw is what shows. */
  async clickHasItsDraw(): Promise<void> {
    const click = { userId: 'good', lotteryId: 'open', timestamp: Date.now() };
    expect(await this.play([eventRecord('UserClickEvent', click)])).toEqual(['ClickAcceptedEvent']);
  }

  async putEntries(values: readonly Json[]): Promise<void> {
    const Records = values.map((value) => ({
      PartitionKey: 'odd',
      Data: Buffer.from(JSON.stringify(value)),
    }));
    const StreamName = this.#drawVariable('ENTRIES_STREAM');
    await this.watched.runtime.clients.kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  }

  async sendTicks(messages: readonly Json[]): Promise<void> {
    const QueueUrl = this.#drawVariable('TICKS_QUEUE_URL');
    for (let start = 0; start < messages.length; start += perMessageBatch) {
      const Entries = messages
        .slice(start, start + perMessageBatch)
        .map((message, index) => ({ Id: String(index), MessageBody: asciiJson(message) }));
      await this.watched.runtime.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  }

  async until(condition: () => boolean): Promise<void> {
    await this.#broken.race(this.watched.watcher.until(condition, never));
  }

  caughtUp(): Promise<void> {
    return this.watched.watcher.caughtUp(never);
  }

  /** The users that events of this type on the user output stream tell of, as there. */
  usersOf(type: OutputEvent['type']): Set<unknown> {
    const events = this.watched.watcher.outputs.of('user').filter((event) => event.type === type);
    return new Set(events.map((event) => 'userId' in event && event.userId));
  }

  hasEnded(lotteryId: string): boolean {
    const events = this.watched.watcher.outputs.of('lottery');
    return events.some((event) => event.type === 'LotteryEndedEvent' && event.lotteryId === lotteryId);
  }

  #drawVariable(name: string): string {
    const value = this.watched.runtime.functions.get('dev-draw')?.variables[name];
    if (value === undefined) throw new Error(`The draw function has no ${name}`);
    return value;
  }
}

/** All under one key, so that each is behind the one before it. */
export function eventRecord(type: EventType, fields: Json): PlayerRecord {
  const channel = type.startsWith('Lottery') ? 'lottery' : 'user';
  return { channel, partitionKey: 'odd', data: Buffer.from(JSON.stringify({ ...fields, type })) };
}
