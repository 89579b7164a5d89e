import { expect } from 'vitest';
import { heartbeatSchema } from '../../../../lambda/core/events.ts';
import { oddIds, oddValues } from '../../../../proof/simulation/odd-values.ts';
import type { PlayerRecord } from '../../../../proof/simulation/player-record.ts';
import type { EventType, Json } from '../../../support/odd-values.ts';
import { clientSchemas, oddEvents } from '../../../support/odd-values.ts';
import { eventRecord, type OddRun } from './odd-run.ts';
import { Seed } from './seed.ts';

/** Its seed is taken away. */
const seedless = 'without a seed';
/** Of what is put on the internal streams (odd-entries.ts). */
const forged = ['forged', 'ticked', 'changed'];

/** Puts events with an odd value in one field, and good ones between them, up to the draws and ends that come of them. */
export async function playOddEvents(run: OddRun): Promise<void> {
  await startLotteries(run);
  const seed = await Seed.take(run.watched.runtime, run.startOf(seedless).seedCommitment);
  await putHeartbeats(run);
  await buyClickAndRefund(run);
  await stopLotteries(run);
  const { expectations } = run.watched;
  // Nothing but the lottery without a seed waits for one.
  await run.until(() => expectations.missing.every((line) => line.includes(seedless)));
  expect(expectations.missing).toHaveLength(2);
  expectEach(run.told('LotteryWinnerEvent', 'userId'));
  expectEach(run.told('LotteryEndedEvent', 'lotteryId'));
  await seed.putBack();
  const { lotteryId, run: number } = run.startOf(seedless);
  await run.putEntries([{ type: 'Tick', lotteryId, run: number, windowStart: lastWindowOf(run, seedless) }]);
  await run.until(() => expectations.complete);
}

/**
 * What becomes keys, names and numbers of the engines: what the schema takes, but for event ids, of which hashes are kept.
 * What it does not take is rejected in any simulation.
 */
function takenEvents(type: EventType, base: Json): Json[] {
  const schema: { safeParse(event: Json): { success: boolean } } = clientSchemas[type];
  return oddEvents(type, base).filter((event) => !('eventId' in event) && schema.safeParse(event).success);
}

function oddRecords(type: EventType, base: Json): PlayerRecord[] {
  return takenEvents(type, base).map((event) => eventRecord(type, event));
}

async function startLotteries(run: OddRun): Promise<void> {
  const odd = takenEvents('LotteryStartEvent', { lotteryId: 'own' }).map((event, index) =>
    eventRecord('LotteryStartEvent', {
      ...event,
      ...(event.lotteryId === 'own' && { lotteryId: `own ${index}` }),
      ...('timestamp' in event && { prizes: ['a'] }),
    }),
  );
  const first = ['open', 'to stop', seedless, ...forged];
  const good = (index: number) => eventRecord('LotteryStartEvent', { lotteryId: `good ${index}` });
  const start = (lotteryId: string) => eventRecord('LotteryStartEvent', { lotteryId });
  await run.watched.putter.putAll(first.map(start));
  await run.playOdd(odd, good, 'LotteryStartedEvent');
}

/** Anybody can put them, under any key. They have no outcome: that what comes behind them has one is what shows. */
async function putHeartbeats(run: OddRun): Promise<void> {
  const times = oddValues('timestamp').map((time) => ({ type: 'Heartbeat', time }));
  const right = times.filter((heartbeat) => heartbeatSchema.safeParse(heartbeat).success);
  const all = [...right, ...oddIds.map((id) => ({ type: 'Heartbeat', userId: id, lotteryId: id }))];
  const records = all.map((heartbeat, index) => ({
    partitionKey: String(oddIds[index % oddIds.length]),
    data: Buffer.from(JSON.stringify(heartbeat)),
  }));
  const onBoth = (record: (typeof records)[number]): PlayerRecord[] => [
    { channel: 'user', ...record },
    { channel: 'lottery', ...record },
  ];
  await run.watched.putter.putAll(records.flatMap(onBoth));
}

async function buyClickAndRefund(run: OddRun): Promise<void> {
  const good = () => eventRecord('UserBuyCouponEvent', { userId: 'good', purchasedCoupons: 1_000 });
  const player = { userId: 'player', lotteryId: 'open', timestamp: Date.now() };
  // Whoever clicks in a lottery of its own wins there.
  const clicks = takenEvents('UserClickEvent', player).map((event) =>
    event.lotteryId === 'open' ? event : { ...event, userId: event.lotteryId },
  );
  const refund = { userId: 1, lotteryId: 1, drawId: '1@0', entryId: 'shardId-000000000000:1' };
  const odd = [
    ...oddRecords('UserBuyCouponEvent', { userId: 'player', purchasedCoupons: 5 }),
    ...[...clicks, { ...player, lotteryId: seedless }].map((click) => eventRecord('UserClickEvent', click)),
    ...oddRecords('CouponRefundEvent', refund),
  ];
  await run.playOdd(odd, good, 'CouponsBoughtEvent');
  expectEach(run.told('ClickAcceptedEvent', 'userId'));
  expectEach(run.told('ClickAcceptedEvent', 'lotteryId'));
}

async function stopLotteries(run: OddRun): Promise<void> {
  const odd = [
    ...oddRecords('LotteryStopEvent', { lotteryId: 'to stop' }),
    eventRecord('LotteryStopEvent', { lotteryId: 'never started' }),
    eventRecord('LotteryStopEvent', { lotteryId: seedless }),
  ];
  const good = (index: number) => eventRecord('LotteryStartEvent', { lotteryId: `second ${index}` });
  await run.playOdd(odd, good, 'LotteryStartedEvent');
}

function lastWindowOf(run: OddRun, lotteryId: string): number {
  const events = run.watched.watcher.outputs.of('lottery');
  const stop = events.find((event) => event.type === 'LotteryStoppedEvent' && event.lotteryId === lotteryId);
  if (stop?.type !== 'LotteryStoppedEvent') throw new Error(`Lottery ${lotteryId} has not stopped`);
  return stop.lastWindowStart;
}

/** Each odd id is among them. */
function expectEach(told: ReadonlySet<unknown>): void {
  expect(oddIds.filter((id) => !told.has(id))).toEqual([]);
}
