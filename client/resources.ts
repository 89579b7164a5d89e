import type { Runtime } from '../local/runtime-options.ts';

/** What a producer and a consumer of the lottery need to know of a running environment. */
export interface LotteryResources {
  lotteryEventsInput: string;
  userEventsInput: string;
  lotteryEventsOutput: string;
  userEventsOutput: string;
  windowMs: number;
  graceMs: number;
}

/** @throws Error that names what the app's outputs or its functions' variables lack. */
export function lotteryResources({ outputs, functions }: Runtime): LotteryResources {
  const output = (name: string) => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`The app has no output ${name}`);
    return value;
  };
  const milliseconds = (variable: string) => {
    const values = [...functions.values()].map(({ variables }) => variables[variable]);
    const seconds = Number(values.find((value) => value !== undefined));
    if (!Number.isFinite(seconds)) throw new Error(`No function of the app has a number in ${variable}`);
    return seconds * 1000;
  };
  return {
    lotteryEventsInput: output('LotteryEventsInputStreamName'),
    userEventsInput: output('UserEventsInputStreamName'),
    lotteryEventsOutput: output('LotteryEventsOutputStreamName'),
    userEventsOutput: output('UserEventsOutputStreamName'),
    windowMs: milliseconds('WINDOW_SECONDS'),
    graceMs: milliseconds('GRACE_SECONDS'),
  };
}
