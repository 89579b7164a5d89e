import type { Runtime } from '../local/runtime-options.ts';
import { type OuterName, outerOutput } from './streams/open.ts';

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
  const outer = (stream: OuterName) => {
    const name = outerOutput(outputs, stream);
    const value = outputs[name];
    if (value === undefined) throw new Error(`The app has no output ${name}`);
    return value;
  };
  return {
    lotteryEventsInput: outer('LotteryEventsInput'),
    userEventsInput: outer('UserEventsInput'),
    lotteryEventsOutput: outer('LotteryEventsOutput'),
    userEventsOutput: outer('UserEventsOutput'),
    windowMs: numberIn({ functions }, 'WINDOW_SECONDS') * 1000,
    graceMs: numberIn({ functions }, 'GRACE_SECONDS') * 1000,
  };
}

/** The settings that decide what becomes of an event. */
export interface LotterySettings extends Pick<LotteryResources, 'windowMs' | 'graceMs'> {
  /** Undefined where it is off. */
  toleranceMs: number | undefined;
}

/** @throws Error that names what the functions' variables lack. */
export function lotterySettings(runtime: Pick<Runtime, 'functions'>): LotterySettings {
  const isTolerant = variableIn(runtime, 'CLOCK_TOLERANCE_SECONDS') === 'off';
  return {
    windowMs: numberIn(runtime, 'WINDOW_SECONDS') * 1000,
    graceMs: numberIn(runtime, 'GRACE_SECONDS') * 1000,
    toleranceMs: isTolerant ? undefined : numberIn(runtime, 'CLOCK_TOLERANCE_SECONDS') * 1000,
  };
}

/** The name of the table of watermarks. @throws Error where no function has it */
export function watermarksTable(runtime: Pick<Runtime, 'functions'>): string {
  const name = variableIn(runtime, 'WATERMARKS_TABLE');
  if (name === undefined) throw new Error('No function of the app has WATERMARKS_TABLE');
  return name;
}

function numberIn(runtime: Pick<Runtime, 'functions'>, name: string): number {
  const value = Number(variableIn(runtime, name));
  if (!Number.isFinite(value)) throw new Error(`No function of the app has a number in ${name}`);
  return value;
}

function variableIn({ functions }: Pick<Runtime, 'functions'>, name: string): string | undefined {
  return [...functions.values()].map(({ variables }) => variables[name]).find((value) => value !== undefined);
}
