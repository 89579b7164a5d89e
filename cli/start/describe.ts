import type { OutputEvent } from '../../client/output-events.ts';
import { idSchema } from '../../lambda/core/ids.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** One readable line for an event. @param arrival when its record came onto the output stream, ms. */
export function describe(event: OutputEvent, arrival: number): string {
  switch (event.type) {
    case 'CouponsBoughtEvent':
      return `user ${event.userId} bought ${count(event.purchasedCoupons, 'coupon')}, has ${event.availableCoupons}`;
    case 'ClickAcceptedEvent':
      return `user ${event.userId} clicked in lottery ${event.lotteryId} (draw ${event.drawId}), ${count(event.availableCoupons, 'coupon')} left`;
    case 'CouponRefundedEvent':
      return `user ${event.userId} is not in draw ${event.drawId} and got a coupon back, has ${event.availableCoupons}`;
    case 'CouponsGrantedEvent':
      return `user ${event.userId} was given ${count(event.coupons, 'coupon')}${why(event)}, has ${event.availableCoupons}`;
    case 'EventRejectedEvent':
      return `rejected${whose(event)}: ${event.message} (${event.reason})`;
    case 'LotteryStartedEvent':
      return `lottery ${event.lotteryId} started, run ${event.run}${prizes(event.prizes)}; seed commitment ${event.seedCommitment}`;
    case 'LotteryStoppedEvent':
      return `lottery ${event.lotteryId} was stopped; its last window is that of ${instant(event.lastWindowStart)}`;
    case 'DrawClosedEvent':
      return closed(event);
    case 'LotteryWinnerEvent':
      return winner(event, arrival);
    case 'LotteryEndedEvent':
      return `lottery ${event.lotteryId} ended, run ${event.run}; its seed was ${event.seed}`;
    default:
      return event satisfies never;
  }
}

function closed({ drawId, blocks, round }: Extract<OutputEvent, { type: 'DrawClosedEvent' }>): string {
  const by = round === undefined ? '' : `; round ${round} of the beacon draws`;
  return `draw ${drawId} is closed, its entries are fixed in ${count(blocks, 'block')}${by}`;
}

function winner(event: Extract<OutputEvent, { type: 'LotteryWinnerEvent' }>, arrival: number): string {
  const prize = event.prize === undefined ? '' : ` and gets ${JSON.stringify(event.prize)}`;
  const what = `user ${event.userId} wins draw ${event.drawId} among ${count(event.entries, 'entry', 'entries')}${prize}`;
  const delay = arrival - event.windowEnd;
  // A replay of old events draws them now: the time since then says nothing about the draw.
  return delay > DAY_MS ? what : `${what}, ${(delay / 1000).toFixed(1)} s after the window's end`;
}

/** The grant, and why. */
function why({ grantId, reason }: Extract<OutputEvent, { type: 'CouponsGrantedEvent' }>): string {
  return ` by grant ${grantId}${reason === undefined ? '' : ` (${reason})`}`;
}

/** Whose event it was, where the event names somebody. */
function whose({ event }: Extract<OutputEvent, { type: 'EventRejectedEvent' }>): string {
  const userId = idSchema.safeParse(event?.userId);
  return userId.success ? `, user ${userId.data}` : '';
}

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from a stranger, for a terminal: what would move the cursor or turn the writing around is spelled out. */
export function printable(text: string): string {
  return text.replace(unprintable, spelled);
}

/** JSON for a terminal: the same to who parses it. @param indent spaces; without it all is one line */
export function printableJson(value: unknown, indent?: number): string {
  // JSON itself escapes line ends within texts: those that are left are its own.
  return JSON.stringify(value, undefined, indent).split('\n').map(printable).join('\n');
}

/** As JSON has it: beyond 16 bits in two halves. */
function spelled(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** The line of a record that holds no output event. */
export function describeForeign(data: Uint8Array): string {
  return `on the output stream, but no output event: ${Buffer.from(data).toString('utf8')}`;
}

/** `HH:MM:SS.mmm`, UTC. */
export function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function prizes(list: readonly string[] | undefined): string {
  return list === undefined ? '' : ` with ${count(list.length, 'prize')}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
