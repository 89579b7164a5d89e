import { drawsOf, neverEnded, wrongWith } from './draws.ts';
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
 * 3. *The order of shards.* Events of one key on unrelated shards may be applied in any order that explains all.
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

export interface InputRecord {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  /** ms since the epoch, as everywhere. */
  arrival: number;
  data: Uint8Array;
}

export interface OutputRecord {
  text: string;
  /** When it came on the stream; left out where nobody saw: then it may have been any time. */
  at?: number;
}

export interface Settings {
  windowMs: number;
  graceMs: number;
  /** Undefined: any distance of a click's timestamp from its arrival. */
  toleranceMs: number | undefined;
  retentionMs: number;
  /** At a parallelization factor above 1: events under another partition key than their id are rejected. */
  partitionKeyIsId: boolean;
  /** How far the stamps of two streams may be off each other. */
  slackMs: number;
  /** When it was looked: what was due before must be there. */
  until: number;
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
  const draws = drawsOf([...user.events.map(({ said }) => said), ...user.others, ...lottery.others]);
  const familyOf = { lottery: ancestorsBy(parents.lottery), user: ancestorsBy(parents.user) };
  const wrong = [...lottery.wrong, ...user.wrong, ...lotteries.wrong];
  for (const [lotteryId, events] of Map.groupBy(lottery.events, ({ event }) => event.lotteryId)) {
    const state = inSomeOrder(events, familyOf.lottery, newLottery, lotteries.step);
    if (typeof state === 'string') wrong.push(`lottery ${lotteryId}, ${state}`);
  }
  const balances = new Map<string, number>();
  const step = (state: User, settled: Settled) => userStep(state, settled, settings, lotteries);
  for (const [userId, events] of Map.groupBy(user.events, ({ event }) => event.userId)) {
    const state = inSomeOrder(events, familyOf.user, newUser, step);
    if (typeof state === 'string') wrong.push(`user ${userId}, ${state}`);
    else balances.set(userId, state.coupons);
  }
  for (const [drawId, draw] of draws)
    wrong.push(...wrongWith(drawId, draw, lotteries, settings).map((what) => `draw ${drawId}: ${what}`));
  wrong.push(...neverEnded(lotteries, draws, settings));
  const stored = new Map(users?.map(({ userId, coupons }) => [userId, coupons]));
  for (const userId of users ? new Set([...balances.keys(), ...stored.keys()]) : []) {
    const [left = 0, coupons = 0] = [balances.get(userId), stored.get(userId)];
    if (left !== coupons) wrong.push(`user ${userId} has ${coupons} coupons, and must have ${left}`);
  }
  return wrong;
}

/** Each valid event beside its one outcome. Records that are no event are done with here. */
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
    const isMisplaced =
      partitionKeyIsId &&
      !('wrong' in read) &&
      partitionKey !== (channel === 'user' ? read.userId : read.lotteryId);
    const refusal = isMisplaced ? { reason: 'PARTITION_KEY_MISMATCH', wrong: [] } : read;
    const blamed = 'wrong' in refusal ? refusal.wrong : blamedFor(said.reason, refusal);
    if (said.type === 'EventRejectedEvent' && !isWhole(said, id, data, blamed))
      wrong.push(`the rejection of ${channel} event ${id} does not fit it`);
    if (!('wrong' in refusal)) return [{ id, shardId, arrival, event: refusal, said }];
    if (said.type !== 'EventRejectedEvent' || said.reason !== refusal.reason)
      wrong.push(`${channel} event ${id} is ${refusal.reason}, and was ${said.reason || said.type}`);
    return [];
  });
  for (const id of outcomes.keys())
    wrong.push(`there is an outcome of ${channel} event ${id}, which was never put`);
  return { events, others, wrong };
}

/** Whether a rejection names a field that is to blame, where one is, and sends back what was sent. */
function isWhole(said: Said, id: string, data: Uint8Array, blamed: readonly string[]): boolean {
  const { type, reason, message = '', field } = said;
  const isNamed = blamed.length === 0 ? field === undefined : blamed.includes(field?.split('.')[0] ?? '');
  return isNamed && says(said, { type, reason, message, field, recordId: id, ...echoOf(data) });
}

function blamedFor(reason: string, { type }: Event): string[] {
  if (reason === 'DUPLICATE_EVENT') return [type === 'CouponRefundEvent' ? 'entryId' : 'eventId'];
  if (reason === 'TIMESTAMP_OUT_OF_RANGE') return ['timestamp'];
  return ['INVALID_COUPON_AMOUNT', 'COUPON_LIMIT_EXCEEDED'].includes(reason) ? ['purchasedCoupons'] : [];
}

/** The distinct records of an output stream: outcomes by their event, and what else is said of entries and runs. */
function readOutputs(channel: Channel, records: readonly OutputRecord[]) {
  const first = new Map<string, number>();
  for (const { text, at = Infinity } of records) first.set(text, Math.min(at, first.get(text) ?? Infinity));
  const outcomes = new Map<string, Said[]>();
  const others: Said[] = [];
  const wrong: string[] = [];
  for (const [text, at] of first) {
    const said = readOutput(text, at);
    const id = said?.recordId || said?.entryId;
    if (said && outcomeTypes[channel].includes(said.type) && id)
      outcomes.set(id, [...(outcomes.get(id) ?? []), said]);
    else if (said && otherTypes[channel].includes(said.type)) others.push(said);
    else wrong.push(`a record of the ${channel} outputs is no output event: ${text.slice(0, 200)}`);
  }
  return { outcomes, others, wrong };
}

const outcomeTypes: Readonly<Record<Channel, readonly string[]>> = {
  lottery: ['LotteryStartedEvent', 'LotteryStoppedEvent', 'EventRejectedEvent'],
  user: ['CouponsBoughtEvent', 'ClickAcceptedEvent', 'CouponRefundedEvent', 'EventRejectedEvent'],
};
const otherTypes: Readonly<Record<Channel, readonly string[]>> = {
  lottery: ['LotteryWinnerEvent', 'LotteryEndedEvent'],
  user: ['EntryMovedEvent'],
};

function ancestorsBy(
  parents: ReadonlyMap<string, readonly string[]>,
): (shardId: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  const ancestors = (shardId: string): ReadonlySet<string> => {
    const found =
      known.get(shardId) ??
      new Set((parents.get(shardId) ?? []).flatMap((parent) => [parent, ...ancestors(parent)]));
    known.set(shardId, found);
    return found;
  };
  return ancestors;
}
