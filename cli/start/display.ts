import type { OutputEvent } from '../../client/output-events.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';

/** What shows a running environment: lines (`Screen`), or a view of the whole terminal. */
export interface Display {
  /** For whoever started the command. */
  say(text: string): void;
  /** Beside the point: progress, warnings, errors. */
  note(text: string): void;
  /** A line that whatever comes next replaces. */
  status(text: string): void;
  /** A record of an output stream. @returns the event in it, if it holds one */
  show(record: StreamRecord): OutputEvent | undefined;
}
