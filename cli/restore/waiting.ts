/** How often what DynamoDB makes is looked at, ms: it takes minutes to hours. */
const POLL_MS = 2_000;

/** How often is said that it is not there yet, ms. */
const SAY_MS = 60_000;

export interface WaitingContext {
  say: (line: string) => void;
  sleep: (ms: number) => Promise<void>;
  now: () => Date;
}

/** Looks until the status is another one, and says it every minute. @throws what `look` throws */
export async function untilNot(
  status: string,
  { say, sleep, now }: WaitingContext,
  look: () => Promise<{ what: string; status: string }>,
): Promise<void> {
  let saidAt = now().getTime();
  for (;;) {
    const seen = await look();
    if (seen.status !== status) return;
    if (now().getTime() - saidAt >= SAY_MS) {
      say(`${seen.what} is still ${status}`);
      saidAt = now().getTime();
    }
    await sleep(POLL_MS);
  }
}
