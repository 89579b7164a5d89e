import { expect } from 'vitest';
import { entriesRecordSchema, tickMessageSchema } from '../../../../lambda/core/entries-records.ts';
import { oddIds } from '../../../../proof/simulation/odd-values.ts';
import type { PlayerRecord } from '../../../../proof/simulation/player-record.ts';
import { readStored } from '../../../../proof/soak/tables.ts';
import type { EventType, Json } from '../../../support/odd-values.ts';
import {
  clientSchemas,
  oddEvents,
  oddPartials,
  oddTickMessages,
  oddTickRecords,
} from '../../../support/odd-values.ts';
import { eventRecord, type OddRun } from './odd-run.ts';

const windowMs = 2_000;

/** Puts records with an odd value in one field wherever a record can be put, and good ones between them. */
export async function playOddRecords(run: OddRun): Promise<void> {
  await startLotteries(run);
  await buyClickAndRefund(run);
  await drawMoveAndRefund(run);
  await stopLotteries(run);
  await endLotteries(run);
  await expectNothingLost(run);
}

/**
 * What becomes keys, names and numbers of the engines: what the schema takes, but for event ids, of which hashes are kept.
 * What it does not take is rejected in any simulation.
 */
function takenEvents(type: EventType, base: Json): Json[] {
  const schema: { safeParse(event: Json): { success: boolean } } = clientSchemas[type];
  return oddEvents(type, base).filter((event) => !('eventId' in event) && schema.safeParse(event).success);
}

/** Of the records that functions write, as well. */
const taken = (schema: { safeParse(value: unknown): { success: boolean } }, values: readonly Json[]) =>
  values.filter((value) => schema.safeParse(value).success);

function oddRecords(type: EventType, base: Json): PlayerRecord[] {
  return takenEvents(type, base).map((event) => eventRecord(type, event));
}

async function startLotteries(run: OddRun): Promise<void> {
  const first = ['open', 'over', 'ticked', 'to stop'].map((lotteryId) =>
    eventRecord('LotteryStartEvent', { lotteryId }),
  );
  await run.play([
    ...first,
    eventRecord('LotteryStopEvent', { lotteryId: 'over' }),
    eventRecord('LotteryStopEvent', { lotteryId: 'never started' }),
  ]);
  const odd = takenEvents('LotteryStartEvent', { lotteryId: 'own' }).map((event, index) =>
    eventRecord('LotteryStartEvent', {
      ...event,
      ...(event.lotteryId === 'own' && { lotteryId: `own ${index}` }),
      ...('timestamp' in event && { prizes: ['a'] }),
    }),
  );
  const good = (index: number) => eventRecord('LotteryStartEvent', { lotteryId: `good ${index}` });
  await run.playOdd(odd, good, 'LotteryStartedEvent');
}

async function buyClickAndRefund(run: OddRun): Promise<void> {
  const good = () => eventRecord('UserBuyCouponEvent', { userId: 'good', purchasedCoupons: 1_000 });
  const player = { userId: 'player', lotteryId: 'open', timestamp: Date.now() };
  const refund = { userId: 1, lotteryId: 1, drawId: '1@0', entryId: 'shardId-000000000000:1' };
  const odd = [
    ...oddRecords('UserBuyCouponEvent', { userId: 'player', purchasedCoupons: 5 }),
    ...oddRecords('UserClickEvent', player),
    ...oddRecords('CouponRefundEvent', refund),
  ];
  await run.playOdd(odd, good, 'CouponsBoughtEvent');
  const clicked = run.usersOf('ClickAcceptedEvent');
  expect(oddIds.filter((id) => !clicked.has(id))).toEqual([]);
}

async function drawMoveAndRefund(run: OddRun): Promise<void> {
  // Windows that no odd time is the start of.
  const startOf = (index: number) => (1_000 + index) * windowMs;
  const partial = (lotteryId: string, index: number) => ({
    ...{ type: 'PartialDraw', lotteryId, run: 1, windowStart: startOf(index), entries: 1 },
  });
  const entry = (entryId: string, userId: string, digit: number) => ({
    ...{ entryId, userId, priority: String(digit).repeat(64) },
  });
  /** One for each odd id, of a lottery whose late entries are moved, and of one whose are refunded. */
  const ofEach = (best: (id: string | number, index: number) => Json) =>
    ['open', 'over'].flatMap((lotteryId) =>
      oddIds.map((id, index) => ({ ...partial(lotteryId, index), best: best(id, index) })),
    );
  // Each in a window of its own, so that each comes too late for a draw, and none is merged into another.
  const odd = taken(entriesRecordSchema, oddPartials(partial('open', -1), entry('odd:0', '1', 0))).map(
    (value, index) => {
      const isOdd = value.windowStart !== startOf(-1);
      return isOdd ? value : { ...value, windowStart: startOf(oddIds.length + index) };
    },
  );
  const first = entry('first:0', '1', 9);
  await run.putEntries([
    ...ofEach(() => first),
    ...odd.map((_, index) => ({ ...partial('open', oddIds.length + index), best: first })),
  ]);
  await run.clickHasItsDraw();
  await run.putEntries([...odd, ...ofEach((id, index) => entry(`late:${index}`, String(id), 0))]);
  await run.clickHasItsDraw();
  const isTold = (users: ReadonlySet<unknown>) => oddIds.every((id) => users.has(id));
  await run.until(() => isTold(run.usersOf('EntryMovedEvent')) && isTold(run.usersOf('CouponRefundedEvent')));
}

async function stopLotteries(run: OddRun): Promise<void> {
  const odd = oddRecords('LotteryStopEvent', { lotteryId: 'to stop' });
  const good = (index: number) => eventRecord('LotteryStartEvent', { lotteryId: `second ${index}` });
  await run.playOdd(odd, good, 'LotteryStartedEvent');
}

async function endLotteries(run: OddRun): Promise<void> {
  const ending = { lotteryId: 'over', run: 1, lastWindowStart: 0 };
  await run.putEntries([
    ...taken(entriesRecordSchema, oddTickRecords(ending)),
    { type: 'Ending', ...ending, lotteryId: 'never started' },
  ]);
  const good = { at: 0, record: { type: 'Ending', ...ending, lotteryId: 'ticked' } };
  await run.sendTicks([...taken(tickMessageSchema, oddTickMessages(ending)), good]);
  // An ending is due a grace after it arrived: the draws of later clicks move the clock on.
  do await run.clickHasItsDraw();
  while (!run.hasEnded('ticked'));
}

async function expectNothingLost(run: OddRun): Promise<void> {
  await run.caughtUp();
  const { watcher, runtime } = run.watched;
  const violations = await run.watched.violations();
  // Who can put on the entries stream can have anybody win.
  expect(violations.filter((line) => !line.startsWith('draw ') && !line.startsWith('run '))).toEqual([]);
  const { failedBatches } = await readStored(runtime);
  expect({ failedBatches, foreign: watcher.outputs.foreign }).toEqual({ failedBatches: [], foreign: [] });
}
