import { mix } from './mix.ts';

/** The events of a run: the same for the same shape, on any machine. Times are ms since the epoch. */

export interface Shape {
  readonly clicks: number;
  readonly users: number;
  /** In the events' own time: how many clicks a window has. */
  readonly clicksPerSecond: number;
}

/** One object is used again for all events. `position`: its place in the stream, from 0. */
export interface StreamedEvent {
  position: number;
  arrival: number;
  userId: number;
  isClick: boolean;
  /** Of a click. */
  lotteryId: number;
  timestamp: number;
  /** Of a purchase. */
  purchasedCoupons: number;
}

export interface StreamedLotteryEvent {
  readonly position: number;
  readonly arrival: number;
  readonly event: { readonly type: string } & Readonly<Record<string, unknown>>;
}

export const began = 1_700_000_000_000;
/** Clicks between two purchases. They are of 31.5 coupons on average; still, some clicks find none. */
const clicksPerPurchase = 16;
const firstClick = 1_000;

/** Those that nearly all clicks are on; two more have an end, and 11 is never started. */
const steadyLotteries = 8;
const withPrizes = 9;
const withStop = 10;
const neverStarted = 11;

/** How many user events there are. */
export function countOf({ clicks, users }: Shape): number {
  return users + clicks + Math.ceil(clicks / clicksPerPurchase);
}

/** Users buy first, each once; then they click, and some buy again. */
export function forEachEvent(shape: Shape, visit: (event: StreamedEvent) => void): void {
  const event: StreamedEvent = {
    ...{ position: 0, arrival: began, userId: 0, isClick: false },
    ...{ lotteryId: 0, timestamp: 0, purchasedCoupons: 0 },
  };
  const next = () => {
    visit(event);
    event.position += 1;
  };
  for (; event.userId < shape.users; event.userId += 1) {
    event.purchasedCoupons = 1 + draw(event.userId, 0, 20);
    next();
  }
  for (let click = 0; click < shape.clicks; click += 1) {
    event.arrival = began + firstClick + Math.floor((click * 1_000) / shape.clicksPerSecond);
    if (click % clicksPerPurchase === 0) {
      event.isClick = false;
      event.userId = draw(click, 1, shape.users);
      event.purchasedCoupons = draw(click, 2, 64);
      next();
    }
    event.isClick = true;
    event.userId = draw(click, 3, shape.users);
    event.lotteryId = lotteryOf(click);
    event.timestamp = event.arrival + delayOf(click);
    next();
  }
}

/** One of `choices`, by chance that is the same each time. */
function draw(index: number, purpose: number, choices: number): number {
  return (mix(mix(index) + purpose) >>> 0) % choices;
}

function lotteryOf(click: number): number {
  const choice = draw(click, 4, 100);
  if (choice < 3) return withPrizes + choice;
  return 1 + draw(click, 5, steadyLotteries);
}

/** Most clicks come at once; some late or early by seconds, few so far off that another window or none takes them. */
function delayOf(click: number): number {
  const choice = draw(click, 6, 1_000);
  const size = draw(click, 7, 8_000);
  if (choice < 980) return -(size % 500);
  if (choice < 990) return -2_000 - size;
  if (choice < 997) return size % 3_000;
  return choice < 999 ? -60_000 : -200_000;
}

/** Starts, stops, starts once more; each kind of rejection; a heartbeat behind all clicks, as all are known by then. */
export function lotteryEvents({ clicks, clicksPerSecond }: Shape): StreamedLotteryEvent[] {
  const start = (lotteryId: number, more: object = {}) => ({ type: 'LotteryStartEvent', lotteryId, ...more });
  const stop = (lotteryId: number) => ({ type: 'LotteryStopEvent', lotteryId });
  const prizes = (count: number) => Array.from({ length: count }, (_, index) => `prize ${index}`);
  const events: [number, StreamedLotteryEvent['event']][] = [
    ...Array.from({ length: steadyLotteries }, (_, index): [number, StreamedLotteryEvent['event']] => [
      0,
      start(1 + index),
    ]),
    [0, start(withPrizes, { timestamp: began, prizes: prizes(3) })],
    [0, start(withStop)],
    [5_000, start(1)],
    [6_000, stop(neverStarted)],
    [25_000, stop(withStop)],
    [26_000, stop(withStop)],
    [60_000, start(withPrizes, { prizes: prizes(20) })],
    [60_000, start(withStop, { timestamp: began + 70_000 })],
    [firstClick + (clicks * 1_000) / clicksPerSecond + 60_000, { type: 'Heartbeat' }],
  ];
  return events.map(([after, event], position) => ({ position, arrival: began + after, event }));
}
