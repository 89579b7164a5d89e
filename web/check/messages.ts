/** What the page and its worker say to each other. */
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';

export interface CheckRequest {
  /** Without its windows: what was said at the start of the run, and at its end. */
  readonly run: Omit<LiveView, 'windows' | 'history' | 'rejected'>;
  /** Absent where the page knows nothing of the receipt's draw. */
  readonly window?: LiveWindow;
  /** What was promised for the window, if this browser saw it before. */
  readonly promisedPrize?: string;
  /** Where the sheet is; absent where none is made yet. */
  readonly sheetUrl?: string;
  /** One's own ClickAcceptedEvent, a line of JSON. */
  readonly receipt?: string;
}

export type CheckMessage =
  /** @property total bytes; absent where the server does not say */
  | { readonly type: 'progress'; readonly bytes: number; readonly total?: number }
  | { readonly type: 'result'; readonly result: CheckResult };

export interface CheckResult {
  /** 'unchecked': something that the check needs could not be had. */
  readonly verdict: 'holds' | 'contradicts' | 'unchecked';
  /** What contradicts, or is missing: the cause first. */
  readonly reasons: readonly string[];
  /** What was not checked, in the verifier's words. */
  readonly notes: readonly string[];
  /** Of the sheet, as it was read. */
  readonly bytes: number;
  /** What became of one's own receipt. */
  readonly receipt?: { readonly sentence: string; readonly contradicts: boolean };
}
