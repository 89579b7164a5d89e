import type { AwsCall, Interceptor } from './aws-call.ts';

export interface NthCall {
  /** Which calls count. */
  matches(call: AwsCall): boolean;
  /** Which of them, counted from 1. */
  nth: number;
  /** Before the engine sees the call, or after it has answered and before the caller knows. */
  when: 'before' | 'after';
  act(call: AwsCall): Promise<void>;
}

/** Does something once, around one chosen call; every other call goes through as it is. */
export function aroundNthCall({ matches, nth, when, act }: NthCall): Interceptor {
  let seen = 0;
  return async (call, forward) => {
    if (!matches(call)) return forward();
    seen += 1;
    const isIt = seen === nth;
    if (isIt && when === 'before') await act(call);
    const answer = await forward();
    if (isIt && when === 'after') await act(call);
    return answer;
  };
}
