import { type RunNow, type RunTimes, runNow } from '../../client/lotteries.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { printable } from '../start/describe.ts';
import { Recent } from './recent.ts';

/** A lottery as it is shown. */
export interface LotteryRow extends Pick<RunNow, 'run' | 'state' | 'windowStart' | 'windowEnd'> {
  /** As it is inside: a text. */
  id: string;
  /** The same, safe for a terminal. */
  name: string;
  /** Of the window of now, so far. */
  entries: number;
  /** Draws that are closed and have no winner yet. */
  waiting: number;
  /** Absent where the run has no prizes. */
  prizesLeft?: number;
  winners: number;
}

type Started = Extract<OutputEvent, { type: 'LotteryStartedEvent' }>;
type Accepted = Extract<OutputEvent, { type: 'ClickAcceptedEvent' }>;
type Winner = Extract<OutputEvent, { type: 'LotteryWinnerEvent' }>;

interface Lottery {
  run?: RunTimes;
  /** By start, the entries of windows that are not drawn. */
  readonly windows: Map<number, Set<string>>;
  /** Ids of draws. */
  readonly waiting: Set<string>;
  winners: number;
}

/** So many draws are remembered as drawn: what repeats them comes again soon. */
const REMEMBERED_DRAWS = 10_000;

const order = { open: 0, opens: 1, ending: 2, ended: 3 } as const;

/** All lotteries of the output streams. Fed in any order; what comes twice changes nothing. */
export class Lotteries {
  readonly #lotteries = new Map<string, Lottery>();
  readonly #drawn = new Recent(REMEMBERED_DRAWS);

  observe(event: OutputEvent): void {
    switch (event.type) {
      case 'LotteryStartedEvent':
        this.#start(event);
        break;
      case 'LotteryStoppedEvent':
        this.#change(event, { lastWindowStart: event.lastWindowStart });
        break;
      case 'LotteryEndedEvent':
        this.#change(event, { status: 'ended' });
        break;
      case 'ClickAcceptedEvent':
        this.#enter(event);
        break;
      case 'CouponRefundedEvent':
        for (const entries of this.#of(event).windows.values()) entries.delete(event.entryId);
        break;
      case 'DrawClosedEvent':
        if (!this.#drawn.has(event.drawId)) this.#of(event).waiting.add(event.drawId);
        break;
      case 'LotteryWinnerEvent':
        this.#draw(event);
        break;
      default:
    }
  }

  /** Those that take clicks first, then by id. @param now ms */
  rows(now: number): LotteryRow[] {
    return [...this.#lotteries]
      .flatMap(([id, lottery]) => rowOf(id, lottery, now))
      .sort(
        (left, right) =>
          order[left.state] - order[right.state] || left.id.localeCompare(right.id, 'en', { numeric: true }),
      );
  }

  #of({ lotteryId }: { lotteryId: string | number }): Lottery {
    const id = String(lotteryId);
    const lottery = this.#lotteries.get(id) ?? { windows: new Map(), waiting: new Set(), winners: 0 };
    this.#lotteries.set(id, lottery);
    return lottery;
  }

  #start({ lotteryId, run, windowMs, firstWindowStart, prizes }: Started): void {
    const lottery = this.#of({ lotteryId });
    if (lottery.run !== undefined && lottery.run.run >= run) return;
    const last =
      prizes && firstWindowStart !== undefined
        ? { lastWindowStart: firstWindowStart + (prizes.length - 1) * windowMs }
        : {};
    lottery.run = {
      ...{ lotteryId: String(lotteryId), run, status: 'active', windowMs, ...last },
      ...(firstWindowStart !== undefined && { firstWindowStart }),
      ...(prizes && { prizes }),
    };
  }

  #change(
    { lotteryId, run }: { lotteryId: string | number; run: number },
    change: Partial<Pick<RunTimes, 'lastWindowStart' | 'status'>>,
  ): void {
    const lottery = this.#of({ lotteryId });
    if (lottery.run?.run === run) lottery.run = { ...lottery.run, ...change };
  }

  #enter({ drawId, entryId, windowStart, ...event }: Accepted): void {
    if (this.#drawn.has(drawId)) return;
    const { windows } = this.#of(event);
    const entries = windows.get(windowStart) ?? new Set();
    windows.set(windowStart, entries.add(entryId));
  }

  #draw({ drawId, windowStart, ...event }: Winner): void {
    const lottery = this.#of(event);
    if (this.#drawn.add(drawId)) lottery.winners += 1;
    lottery.waiting.delete(drawId);
    lottery.windows.delete(windowStart);
  }
}

/** @returns nothing for a lottery whose start is not known: its stream has forgotten it */
function rowOf(id: string, { run, windows, waiting, winners }: Lottery, now: number): LotteryRow[] {
  if (run === undefined) return [];
  const { state, windowStart, windowEnd, prizesLeft } = runNow(run, now);
  const entries = windowStart === undefined ? 0 : (windows.get(windowStart)?.size ?? 0);
  return [
    {
      ...{ id, name: printable(id), run: run.run, state, entries, waiting: waiting.size, winners },
      ...(windowStart !== undefined && { windowStart }),
      ...(windowEnd !== undefined && { windowEnd }),
      ...(prizesLeft && { prizesLeft: prizesLeft.length }),
    },
  ];
}
