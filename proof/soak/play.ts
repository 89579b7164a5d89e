import { ofType } from '../audit/events.ts';
import { within } from './deadline.ts';
import type { RunningSoak } from './running-soak.ts';

/** How often players put events, and how often progress is told; ms. */
const TICK_MS = 50;
const PROGRESS_MS = 1_000;

/** How long the first start of a lottery, or the first click, may take, cold starts and faults included. */
const OPENING_MS = 180_000;

/** The players' part: as many events as the rate makes of the time, between the opening and the closing. */
export async function play(soak: RunningSoak): Promise<void> {
  const { rate, seconds } = soak.options;
  await open(soak);
  await playEvents(soak, Math.ceil(rate * seconds));
  await close(soak);
}

/** Clicks before the first lottery has started would all be rejected. */
export async function open(soak: RunningSoak): Promise<void> {
  await soak.putter.putAll(soak.players.opening());
  await opened(soak);
}

/** Puts so many events, at the rate. */
export async function playEvents(soak: RunningSoak, count: number): Promise<void> {
  const { options, clock, players, putter, watcher, faults } = soak;
  const startedAt = clock.now();
  let told = 0;
  let made = 0;
  for (;;) {
    watcher.throwIfFailed();
    const elapsed = clock.now() - startedAt;
    const due = Math.min(count, Math.ceil((elapsed / 1000) * options.rate)) - made;
    const seen = { refunded: watcher.outputs.refunded, ended: lastEnded(watcher.outputs) };
    await putter.putAll(Array.from({ length: due }, () => players.next(seen)));
    made += due;
    if (made >= count) return;
    if (elapsed - told >= PROGRESS_MS) {
      told = elapsed;
      options.onProgress?.(`${(elapsed / 1000).toFixed(0)} s: ${statusOf(soak)}, ${faults.log.total} faults`);
    }
    await clock.sleep(TICK_MS);
  }
}

function lastEnded(outputs: RunningSoak['watcher']['outputs']) {
  return ofType(outputs.of('lottery'), 'LotteryEndedEvent').at(-1);
}

/** Stops all lotteries, once there is something to see. */
export async function close(soak: RunningSoak): Promise<void> {
  await clicked(soak);
  await soak.putter.putAll(soak.players.closing());
}

/** @throws Error when no lottery starts in time */
async function opened({ clock, watcher }: RunningSoak): Promise<void> {
  await within(clock, OPENING_MS, async (deadline) => {
    try {
      await watcher.until(() => watcher.outputs.has('lottery', 'LotteryStartedEvent'), deadline);
    } catch (cause) {
      if (!deadline.aborted) throw cause;
      throw new Error(`No lottery had started ${OPENING_MS / 1000} s after its event was put`, { cause });
    }
  });
}

/**
 * Lotteries that stopped before the first click was processed, as on a busy machine, would show nothing. Where no
 * click is accepted, the audit says so.
 */
async function clicked({ clock, watcher, putter, expectations }: RunningSoak): Promise<void> {
  const isAccepted = () => watcher.outputs.has('user', 'ClickAcceptedEvent');
  const isOver = () =>
    watcher.inputs.user.length + watcher.inputs.lottery.length >= putter.count && expectations.complete;
  await within(clock, OPENING_MS, (deadline) =>
    watcher
      .until(() => isAccepted() || isOver(), deadline)
      .catch((error: unknown) => {
        if (!deadline.aborted) throw error;
      }),
  );
}

function statusOf({ putter, watcher }: RunningSoak): string {
  return `${putter.count} events, ${watcher.outputs.of('lottery').length + watcher.outputs.of('user').length} results`;
}
