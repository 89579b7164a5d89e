import { idOf } from '../oracle/aggregates.ts';
import type { Settings } from '../oracle/oracle.ts';
import { newLottery, newUser, ofLottery, ofUser, rejection, type Settled } from '../oracle/rules.ts';
import { runsIn } from '../oracle/runs.ts';
import { type Channel, type InputRecord, objectIn, readInput, type Said } from '../oracle/streams.ts';
import { timeOf } from '../oracle/time.ts';
import { drawsIn, wrongWithDraw, wrongWithEnd } from './draws.ts';
import { ancestorsIn, inSomeOrder } from './order.ts';
import { readOutput, says } from './outputs.ts';

export interface Inputs {
  /** Those of one shard in their order there. */
  records: Readonly<Record<Channel, readonly InputRecord[]>>;
  /** The shards that a shard was split or merged from, of each stream. */
  parents: Readonly<Record<Channel, ReadonlyMap<string, readonly string[]>>>;
}

/** When it came is left out where nobody saw: then it may have been at any time. */
export type OutputRecord = { text: string; at?: number };

/**
 * Compares all that came out with what the oracle says.
 * @param outputs everything on the output streams, after everything was processed
 * @param users what each has in the end, where that is known
 * @returns the violations, in words
 */
export function judge(
  { records, parents }: Inputs,
  given: Settings,
  outputs: Readonly<Record<Channel, readonly OutputRecord[]>>,
  users?: readonly { userId: string; coupons: number }[],
): string[] {
  const wrong: string[] = [];
  const told = { lottery: read('lottery', outputs.lottery, wrong), user: read('user', outputs.user, wrong) };
  const ancestors = { lottery: ancestorsIn(parents.lottery), user: ancestorsIn(parents.user) };
  const { clocks, reached } = timeOf(records.user, ancestors.user, given);
  const settings = { ...given, reached };
  const settling = { records, told, clocks, wrong };
  const events = { lottery: settle('lottery', settling), user: settle('user', settling) };
  const said = [...told.lottery, ...told.user];
  const commitments = said.flatMap(({ type, seedCommitment }) =>
    type === 'LotteryStartedEvent' ? [seedCommitment] : [],
  );
  if (new Set(commitments).size < commitments.length) wrong.push('two runs have one seed');
  const runs = runsIn(said, settings);
  const of = (lotteryId: string) => runs.get(lotteryId) ?? [];
  for (const [lotteryId, own] of Map.groupBy(events.lottery, ({ event }) => event.lotteryId)) {
    const state = inSomeOrder(own, ancestors.lottery, newLottery, (before, settled) =>
      ofLottery(before, settled, of(lotteryId), settings),
    );
    if (typeof state === 'string') wrong.push(`lottery ${lotteryId}, ${state}`);
  }
  const coupons = new Map(users?.map((user) => [user.userId, user.coupons]));
  for (const [userId, own] of Map.groupBy(events.user, ({ event }) => event.userId)) {
    const state = inSomeOrder(own, ancestors.user, newUser, (before, settled) =>
      ofUser(before, settled, of(settled.event.lotteryId), settings),
    );
    const stored = coupons.get(userId) ?? 0;
    if (typeof state === 'string') wrong.push(`user ${userId}, ${state}`);
    else if (users && stored !== state.coupons)
      wrong.push(`user ${userId} has ${stored} coupons, and must have ${state.coupons}`);
    coupons.delete(userId);
  }
  for (const [userId, count] of coupons)
    if (count !== 0) wrong.push(`user ${userId} has ${count} coupons, and did nothing`);
  const draws = drawsIn(said);
  for (const [drawId, draw] of draws)
    for (const what of wrongWithDraw(drawId, draw, of(draw.lotteryId), settings))
      wrong.push(`draw ${drawId}: ${what}`);
  for (const { type, lotteryId, run, json } of said)
    if (type === 'LotteryEndedEvent' && !of(lotteryId).some((one) => one.run === run))
      wrong.push(`an end is of no run: ${JSON.stringify(json)}`);
  for (const run of [...runs.values()].flat())
    for (const what of wrongWithEnd(run, settings))
      wrong.push(`run ${run.run} of lottery ${run.lotteryId} ${what}`);
  return wrong;
}

const outcomeTypes = {
  lottery: ['LotteryStartedEvent', 'LotteryStoppedEvent', 'EventRejectedEvent'],
  user: [
    ...['CouponsBoughtEvent', 'ClickAcceptedEvent', 'CouponRefundedEvent', 'CouponsGrantedEvent'],
    'EventRejectedEvent',
  ],
};

/** The distinct records of an output stream, and when each came first. */
function read(channel: Channel, records: readonly OutputRecord[], wrong: string[]): Said[] {
  const first = new Map<string, number>();
  for (const { text, at = Infinity } of records) {
    const plain = withoutReceipt(text);
    first.set(plain, Math.min(at, first.get(plain) ?? Infinity));
  }
  const others = channel === 'lottery' ? ['DrawClosedEvent', 'LotteryWinnerEvent', 'LotteryEndedEvent'] : [];
  const types = [...outcomeTypes[channel], ...others];
  return [...first].flatMap(([text, at]) => {
    const said = readOutput(text, at);
    if (said && types.includes(said.type)) return [said];
    wrong.push(`a record of the ${channel} outputs is no output event: ${text.slice(0, 200)}`);
    return [];
  });
}

/** A click that was delivered again has another receipt, and no other outcome; what receipts say, receipts.ts judges. */
function withoutReceipt(text: string): string {
  if (!text.includes('"receipt"')) return text;
  const json = objectIn(text);
  if (json?.type !== 'ClickAcceptedEvent') return text;
  return JSON.stringify({ ...json, receipt: undefined });
}

interface Settling extends Pick<Inputs, 'records'> {
  told: Readonly<Record<Channel, readonly Said[]>>;
  clocks: ReadonlyMap<InputRecord, number>;
  wrong: string[];
}

/** Each valid event beside its one outcome. Records that are no event are done with here. */
function settle(channel: Channel, { records, told, clocks, wrong }: Settling): Settled[] {
  const outcomes = Map.groupBy(
    told[channel].filter(({ type }) => outcomeTypes[channel].includes(type)),
    ({ recordId, entryId }) => recordId || entryId,
  );
  const events = records[channel].flatMap((record): Settled[] => {
    const id = idOf(record);
    const { refused } = record;
    const read = refused ? { reason: refused, wrong: [] } : readInput(channel, record.data);
    const isHeartbeat = 'type' in read && read.type === 'Heartbeat';
    const [said, ...different] = outcomes.get(id) ?? [];
    outcomes.delete(id);
    if (isHeartbeat) {
      if (said) wrong.push(`${channel} event ${id} is a heartbeat, and has an outcome`);
      return [];
    }
    if (!said || different.length > 0)
      wrong.push(`${channel} event ${id} has ${said ? 'different outcomes' : 'no outcome'}`);
    if (!said) return [];
    said.arrival = record.arrival;
    const key = 'wrong' in read ? record.partitionKey : read[`${channel}Id`];
    const isElsewhere = key !== record.partitionKey;
    const event = isElsewhere ? { reason: 'PARTITION_KEY_MISMATCH', wrong: [] } : read;
    const settled = { ...record, id, clock: clocks.get(record) ?? 0, said };
    if (!('wrong' in event)) return [{ ...settled, event }];
    const must = rejection({ ...settled, event }, event.reason, ...event.wrong);
    if (!says(said, must))
      wrong.push(
        `${channel} event ${id} was ${JSON.stringify(said.json)}, and must be ${JSON.stringify(must)}`,
      );
    return [];
  });
  for (const id of outcomes.keys())
    wrong.push(`there is an outcome of ${channel} event ${id}, which was never put`);
  return events;
}
