import type { KinesisStreamRecord } from 'aws-lambda';
import type { WindowState } from '../checkpoint.ts';
import type { CloseReason, WindowBounds } from '../events.ts';

/** A tumbling window that has had records and has not ended yet. */
export interface OpenWindow extends WindowBounds {
  state: WindowState;
  /** Size of the state's JSON. */
  stateBytes: number;
  /** Set once its end is decided: nothing but the final invocation happens until that succeeds. */
  closing?: Closing;
}

export interface Closing {
  early: boolean;
  reason: CloseReason;
  failures: number;
  /** The final invocation is not tried again before this instant, ms. */
  notBefore: number;
}

/** The window that an arrival falls into. `origin`: see Emulation.windowOriginMs. All in ms. */
export function windowOf(arrivalMs: number, lengthMs: number, originMs: number): WindowBounds {
  const start = Math.floor((arrivalMs - originMs) / lengthMs) * lengthMs + originMs;
  return { start, end: start + lengthMs };
}

export function openWindow(bounds: WindowBounds, state: WindowState = {}): OpenWindow {
  return { start: bounds.start, end: bounds.end, state, stateBytes: stateBytes(state) };
}

export const stateBytes = (state: WindowState): number => Buffer.byteLength(JSON.stringify(state));

/**
 * The event of an invocation inside a window (Lambda Developer Guide, "Implementing stateful Kinesis Data Streams
 * processing"): the fields and the ISO times of its example.
 */
export interface TumblingWindowEvent {
  Records: readonly KinesisStreamRecord[];
  window: { start: string; end: string };
  state: WindowState;
  shardId: string;
  eventSourceARN: string;
  isFinalInvokeForWindow: boolean;
  isWindowTerminatedEarly: boolean;
}

/** Whole seconds are written without a fraction, as in the documentation's example. */
export const isoTime = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
