import type { Clock } from '../../local/clock.ts';

/**
 * Does what may take so long by this clock, and no longer: the signal is aborted then.
 * @throws what the work throws
 */
export async function within<Result>(
  clock: Clock,
  ms: number,
  work: (deadline: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const done = new AbortController();
  void clock.sleep(ms, done.signal).then(() => {
    if (!done.signal.aborted) deadline.abort(new Error(`Not done after ${ms / 1000} s`));
  });
  try {
    return await work(deadline.signal);
  } finally {
    done.abort('done');
    // Node keeps what listens to a signal made of this one until it is aborted: all of a run.
    deadline.abort('done');
  }
}
