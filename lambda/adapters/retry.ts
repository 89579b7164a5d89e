/** Waiting between attempts: exponential, with full jitter, so that many functions do not retry in step. */
export interface RetryPolicy {
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

export const standardRetry: RetryPolicy = {
  attempts: 8,
  firstPauseMs: 50,
  sleep,
  random: Math.random,
};

/**
 * Sends a batch and sends again what failed in it, until nothing is left.
 * @param send sends the items and returns those that have to be sent again
 * @returns what is left after the last attempt
 */
export async function sendRemaining<Item>(
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<readonly Item[]>,
  { attempts, firstPauseMs, sleep: pause, random }: RetryPolicy,
): Promise<readonly Item[]> {
  let remaining = items;
  for (let attempt = 0; remaining.length > 0 && attempt < attempts; attempt += 1) {
    if (attempt > 0) await pause(random() * firstPauseMs * 2 ** attempt);
    remaining = await send(remaining);
  }
  return remaining;
}
