import { wrongDraws } from './draws.ts';
import { Lotteries, newLottery } from './lotteries.ts';
import { inSomeOrder, type Settled } from './order.ts';
import { type Channel, type Event, echoOf, readInput, readOutput, type Said, says } from './streams.ts';
import { newUser, type User, userStep } from './users.ts';

/**
 * The oracle: from the records of the input streams it says what must come out, and compares. It shares no code with
 * what it judges. What the inputs do not decide is free, within bounds; all that follows must fit what the outputs say:
 * 1. *When a record was processed.* Some time between its arrival and its outcome. So a click near a start, a stop or an
 *    end may be accepted or LOTTERY_INACTIVE, if its lottery can have been that at some instant in between, or up to
 *    a second before where it was remembered as active; and a start or stop near an end may be taken or rejected.
 * 2. *Which entries come late.* An entry that would have won may leave a draw: to a later window that its run had, or
 *    back to its user once no window can be left. Those that would have won but for a better late one lose with it.
 * 3. *The order of shards.* Events of one key on unrelated shards may be applied in any order that explains all; a shard's
 *    are in their order, and a child's after its parents'.
 * 4. *Which refunds are granted.* A CouponRefundEvent, from whomever, may give back what left a draw, once; any other
 *    is REFUND_UNKNOWN. (That all came that were granted, the audit asks of the tables.)
 * 5. *How often things are counted and said:* `entries` of a winner (1 at least), and repetitions of equal records.
 * Not foreseen: records that outlive their stream's retention, and seeds that somebody takes away.
 */
export interface Inputs {
  /** Those of one shard in their order there. */
  records: Readonly<Record<Channel, readonly InputRecord[]>>;
  /** The shards that a shard was split or merged from, of each stream. */
  parents: Readonly<Record<Channel, ReadonlyMap<string, readonly string[]>>>;
}

/** Times are ms since the epoch. */
export interface InputRecord extends Record<'shardId' | 'sequenceNumber' | 'partitionKey', string> {
  arrival: number;
  data: Uint8Array;
}

/** When it came is left out where nobody saw: then it may have been at any time. */
export type OutputRecord = { text: string; at?: number };

/**
 * `slackMs`: how far the stamps of two streams may be off each other. `until`: what was due before must be there.
 * `toleranceMs` undefined: off. `partitionKeyIsId`: at a parallelization factor above 1, other keys are rejected.
 */
export interface Settings
  extends Record<'windowMs' | 'graceMs' | 'retentionMs' | 'slackMs' | 'until', number> {
  toleranceMs: number | undefined;
  partitionKeyIsId: boolean;
}

/**
 * @param outputs everything on the output streams, after everything was processed
 * @param users what each has in the end, where that is known
 * @returns the violations, in words
 */
export function judge(
  { records, parents }: Inputs,
  settings: Settings,
  outputs: Readonly<Record<Channel, readonly OutputRecord[]>>,
  users?: readonly { userId: string; coupons: number }[],
): string[] {
  const lottery = settle('lottery', records.lottery, outputs.lottery, settings);
  const user = settle('user', records.user, outputs.user, settings);
  const lotteries = new Lotteries(lottery.events, lottery.others, settings);
  const said = [...user.events.map((settled) => settled.said), ...user.others, ...lottery.others];
  const wrong = [
    ...lottery.wrong,
    ...user.wrong,
    ...lotteries.wrong,
    ...wrongDraws(said, lotteries, settings),
  ];
  const ancestors = { lottery: ancestorsIn(parents.lottery), user: ancestorsIn(parents.user) };
  for (const [lotteryId, events] of Map.groupBy(lottery.events, ({ event }) => event.lotteryId)) {
    const state = inSomeOrder(events, ancestors.lottery, newLottery, lotteries.step);
    if (typeof state === 'string') wrong.push(`lottery ${lotteryId}, ${state}`);
  }
  const step = (state: User, settled: Settled) => userStep(state, settled, settings, lotteries);
  const stored = new Map(users?.map(({ userId, coupons }) => [userId, coupons]));
  for (const [userId, events] of Map.groupBy(user.events, ({ event }) => event.userId)) {
    const state = inSomeOrder(events, ancestors.user, newUser, step);
    if (typeof state === 'string') wrong.push(`user ${userId}, ${state}`);
    else if (users && (stored.get(userId) ?? 0) !== state.coupons)
      wrong.push(`user ${userId} has ${stored.get(userId) ?? 0} coupons, and must have ${state.coupons}`);
    stored.delete(userId);
  }
  for (const [userId, coupons] of stored)
    if (coupons !== 0) wrong.push(`user ${userId} has ${coupons} coupons, and did nothing`);
  return wrong;
}

/** Each valid event beside its one outcome, and what else is said. Records that are no event are done with here. */
function settle(
  channel: Channel,
  records: readonly InputRecord[],
  outputs: readonly OutputRecord[],
  { partitionKeyIsId }: Settings,
) {
  const { outcomes, others, wrong } = readOutputs(channel, outputs);
  const events = records.flatMap(({ shardId, sequenceNumber, partitionKey, arrival, data }): Settled[] => {
    const id = `${shardId}:${sequenceNumber}`;
    const [said, ...different] = outcomes.get(id) ?? [];
    outcomes.delete(id);
    if (!said || different.length > 0)
      wrong.push(`${channel} event ${id} has ${said ? 'different outcomes' : 'no outcome'}`);
    if (!said) return [];
    const read = readInput(channel, data);
    const key = 'wrong' in read ? partitionKey : read[`${channel}Id`];
    const event =
      partitionKeyIsId && key !== partitionKey ? { reason: 'PARTITION_KEY_MISMATCH', wrong: [] } : read;
    const isRejected = said.type === 'EventRejectedEvent';
    if (
      isRejected &&
      !isWhole(said, id, data, 'wrong' in event ? event.wrong : blamedFor(said.reason, event))
    )
      wrong.push(`the rejection of ${channel} event ${id} does not fit it`);
    if (!('wrong' in event)) return [{ id, shardId, arrival, event, said }];
    if (!isRejected || said.reason !== event.reason)
      wrong.push(`${channel} event ${id} is ${event.reason}, and was ${said.reason || said.type}`);
    return [];
  });
  for (const id of outcomes.keys())
    wrong.push(`there is an outcome of ${channel} event ${id}, which was never put`);
  return { events, others, wrong };
}

/** Whether a rejection names a field that is to blame, where one is, and sends back what was sent. */
function isWhole(said: Said, recordId: string, data: Uint8Array, blamed: readonly string[]): boolean {
  const {
    reason,
    field,
    json: { message },
  } = said;
  const isNamed = blamed.length === 0 ? field === undefined : blamed.includes(field?.split('.')[0] ?? '');
  return (
    isNamed &&
    typeof message === 'string' &&
    says(said, { reason, message, field, recordId, ...echoOf(data) })
  );
}

function blamedFor(reason: string, { type }: Event): string[] {
  if (reason === 'DUPLICATE_EVENT') return [type === 'CouponRefundEvent' ? 'entryId' : 'eventId'];
  if (reason === 'TIMESTAMP_OUT_OF_RANGE') return ['timestamp'];
  return ['INVALID_COUPON_AMOUNT', 'COUPON_LIMIT_EXCEEDED'].includes(reason) ? ['purchasedCoupons'] : [];
}

const otherTypes = { lottery: ['LotteryWinnerEvent', 'LotteryEndedEvent'], user: ['EntryMovedEvent'] };
const outcomeTypes = {
  lottery: ['LotteryStartedEvent', 'LotteryStoppedEvent', 'EventRejectedEvent'],
  user: ['CouponsBoughtEvent', 'ClickAcceptedEvent', 'CouponRefundedEvent', 'EventRejectedEvent'],
};

/** The distinct records of an output stream: outcomes by their event, and what else is said of entries and runs. */
function readOutputs(channel: Channel, records: readonly OutputRecord[]) {
  const first = new Map<string, number>();
  for (const { text, at = Infinity } of records) first.set(text, Math.min(at, first.get(text) ?? Infinity));
  const outcomes = new Map<string, Said[]>();
  const others: Said[] = [];
  const wrong: string[] = [];
  for (const [text, at] of first) {
    const said = readOutput(text, at);
    const id = said?.recordId || said?.entryId || '';
    if (said && otherTypes[channel].includes(said.type)) others.push(said);
    else if (said && outcomeTypes[channel].includes(said.type))
      outcomes.set(id, [...(outcomes.get(id) ?? []), said]);
    else wrong.push(`a record of the ${channel} outputs is no output event: ${text.slice(0, 200)}`);
  }
  return { outcomes, others, wrong };
}

function ancestorsIn(parents: ReadonlyMap<string, readonly string[]>): Map<string, ReadonlySet<string>> {
  const all = new Map<string, ReadonlySet<string>>();
  // By their ids: a child's is above its parents'.
  for (const [shardId, own] of [...parents].sort())
    all.set(shardId, new Set(own.flatMap((parent) => [parent, ...(all.get(parent) ?? [])])));
  return all;
}
