import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;
const DEADLINE_MS = 30_000;

/**
 * Asks until there is an answer: the engines create streams and tables a moment after the call returns.
 * @throws Error that names what did not come.
 */
export async function until<Answer>(what: string, ask: () => Promise<Answer | undefined>): Promise<Answer> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(POLL_MS);
  }
  throw new Error(`Gave up after ${DEADLINE_MS / 1000} s waiting until ${what}`);
}
