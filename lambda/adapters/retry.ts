/** Waiting between attempts: exponential, half of it jitter, so that many functions do not retry in step. */
export interface RetryPolicy {
  /** Attempts in a row in which nothing gets through, before it is given up. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to below 1. */
  readonly random: () => number;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Gives up when nothing has got through for 6 to 13 s: throttling is counted by the second, so that it is not that.
 * (The ticks function's time-out may come first: a message comes again, either way.)
 */
export const standardRetry: RetryPolicy = {
  attempts: 8,
  firstPauseMs: 50,
  sleep,
  random: Math.random,
};

/** How much of a piece of work got through, in all its calls: they share a limit, a shard's say. */
export interface Progress {
  done: number;
}

/**
 * Sends a batch and sends again what failed in it, until nothing is left or nothing gets through any more. So it
 * takes as long as the service needs for that many; a function whose time-out is shorter gets its batch again in
 * halves (lib/constructs/stream-mapping.ts).
 * @param send sends the items and returns those that have to be sent again
 * @param progress of the work that this batch is a part of: what other parts get through counts as well
 * @returns what is left after the last attempt
 */
export async function sendRemaining<Item>(
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<readonly Item[]>,
  { attempts, firstPauseMs, sleep: pause, random }: RetryPolicy,
  progress: Progress = { done: 0 },
): Promise<readonly Item[]> {
  let remaining = items;
  let seen = progress.done;
  // Attempts in a row without progress: in this batch, whose pauses grow with them, and anywhere.
  let own = 0;
  let stalled = 0;
  for (let isFirst = true; remaining.length > 0 && stalled < attempts; isFirst = false) {
    // Once nothing gets through anywhere, the pauses begin anew: all calls give up after the same time.
    const fruitless = stalled > 0 ? stalled : Math.min(own, attempts - 1);
    if (!isFirst) await pause(pauseMs(firstPauseMs, fruitless, random));
    const left = await send(remaining);
    progress.done += remaining.length - left.length;
    own = left.length < remaining.length ? 0 : own + 1;
    stalled = progress.done > seen ? 0 : stalled + 1;
    seen = progress.done;
    remaining = left;
  }
  return remaining;
}

/** One piece of work, tried until it is done. @throws the last error when no attempt has succeeded */
export async function untilDone<Result>(retry: RetryPolicy, work: () => Promise<Result>): Promise<Result> {
  const results: Result[] = [];
  let lastError: unknown;
  await sendRemaining(
    [work],
    async (remaining) => {
      try {
        results.push(await work());
        return [];
      } catch (error) {
        lastError = error;
        return remaining;
      }
    },
    retry,
  );
  const [result] = results;
  if (result === undefined) throw lastError;
  return result;
}

function pauseMs(firstPauseMs: number, fruitless: number, random: () => number): number {
  return firstPauseMs * 2 ** Math.max(1, fruitless) * (0.5 + random() / 2);
}
