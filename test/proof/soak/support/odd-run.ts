import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand } from '@aws-sdk/client-s3';
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

  /** Puts the records and waits for their outcomes. @returns their types, lotteries' first */
  async play(records: readonly PlayerRecord[]): Promise<(string | undefined)[]> {
    const { putter, watcher } = this.watched;
    const before = { user: putter.put.user.length, lottery: putter.put.lottery.length };
    await putter.putAll(records);
    await this.#broken.race(this.watched.answered());
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

  /** @param values records of the entries stream, each under the key of its lottery; or bytes that are none */
  async putEntries(values: readonly (Json | Buffer)[]): Promise<void> {
    const Records = values.map((value) => {
      if (Buffer.isBuffer(value)) return { PartitionKey: 'odd', Data: value };
      return { PartitionKey: String(value.lotteryId), Data: Buffer.from(JSON.stringify(value)) };
    });
    const StreamName = this.watched.runtime.functions.get('dev-user-events')?.variables.ENTRIES_STREAM;
    const { FailedRecordCount } = await this.watched.runtime.clients.kinesis.send(
      new PutRecordsCommand({ StreamName, Records }),
    );
    expect(FailedRecordCount).toBe(0);
  }

  async putBlock(name: string, text: string): Promise<void> {
    const { clients, outputs } = this.watched.runtime;
    const Bucket = outputs.DrawsBucketName;
    await clients.s3.send(new PutObjectCommand({ Bucket, Key: `blocks/${name}`, Body: text }));
  }

  /** @param messages what goes on the ticks queue, or texts that are no message of it */
  async sendTicks(messages: readonly (Json | string)[]): Promise<void> {
    const { clients, outputs } = this.watched.runtime;
    for (let start = 0; start < messages.length; start += perMessageBatch) {
      const Entries = messages.slice(start, start + perMessageBatch).map((message, index) => ({
        Id: String(index),
        MessageBody: typeof message === 'string' ? message : asciiJson(message),
      }));
      await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: outputs.TicksQueueUrl, Entries }));
    }
  }

  async until(condition: () => boolean): Promise<void> {
    await this.#broken.race(this.watched.watcher.until(condition, never));
  }

  caughtUp(): Promise<void> {
    return this.watched.watcher.caughtUp(never);
  }

  /** What events of one type say in a field, as there. */
  told(type: OutputEvent['type'], field: string): Set<unknown> {
    const { outputs } = this.watched.watcher;
    const events = [...outputs.of('lottery'), ...outputs.of('user')].filter((event) => event.type === type);
    return new Set(events.map((event) => new Map<string, unknown>(Object.entries(event)).get(field)));
  }

  /** Of a lottery's first run. */
  startOf(lotteryId: string): Extract<OutputEvent, { type: 'LotteryStartedEvent' }> {
    const events = this.watched.watcher.outputs.of('lottery');
    const start = events.find(
      (event) => event.type === 'LotteryStartedEvent' && event.lotteryId === lotteryId,
    );
    if (start?.type !== 'LotteryStartedEvent') throw new Error(`Lottery ${lotteryId} has not started`);
    return start;
  }
}

/** Under the key that its event must have. */
export function eventRecord(type: EventType, fields: Json): PlayerRecord {
  const channel = type.startsWith('Lottery') ? 'lottery' : 'user';
  const data = Buffer.from(JSON.stringify({ ...fields, type }));
  return { channel, partitionKey: String(fields[`${channel}Id`]), data };
}
