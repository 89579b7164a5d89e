import type { Clock } from '../clock.ts';
import { openAnswerUrl } from './answer-url.ts';
import type { FunctionAsk } from './emulator.ts';

export interface Asking {
  /** One invocation of the function. */
  readonly invoke: (event: object) => Promise<unknown>;
  readonly clock: Clock;
}

/**
 * Invokes a function with an event and a URL for its answer. It may return before, and have somebody else answer; who throws
 * without an answer is not invoked again after minutes, as Lambda would do.
 *
 * @returns the text that was put to the URL
 * @throws Error when there is none within the time, or more than one by the end of the invocation
 */
export async function askFunction(
  { event, timeoutMs }: FunctionAsk,
  { invoke, clock }: Asking,
): Promise<string> {
  const { url, answer, count, close } = await openAnswerUrl();
  const answered = new AbortController();
  try {
    const invocation = invoke({ ...event, ResponseURL: url });
    const ended = invocation.then(
      () => answer,
      (error: Error) => {
        if (count() > 0) return answer;
        throw new Error(`it failed without an answer: ${error.message}`, { cause: error });
      },
    );
    const late = clock.sleep(timeoutMs, answered.signal).then(() => {
      throw new Error(`no answer within the ${timeoutMs / 1_000} s of ServiceTimeout`);
    });
    const text = await Promise.race([answer, ended, late]);
    // Its own time-out ends it. What it throws now changes nothing: it has answered.
    await invocation.catch(() => {});
    if (count() > 1) throw new Error('it answered twice');
    return text;
  } finally {
    answered.abort();
    await close();
  }
}
