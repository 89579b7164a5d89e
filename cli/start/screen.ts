import { type OutputEvent, parseOutputEvent } from '../../client/output-events.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import { clockTime, describe, describeForeign, printable } from './describe.ts';
import type { Display } from './display.ts';

/** Moves to the start of the line and clears it. */
const CLEAR_LINE = '\r\u001b[K';

/** The width of a terminal that does not say its own, in columns. */
const USUAL_COLUMNS = 80;

/** A stream that may be a terminal, as `process.stdout` is. */
export type Output = Pick<NodeJS.WritableStream, 'write'> & { isTTY?: boolean; columns?: number };

export interface ScreenOptions {
  /** Records as JSON lines on stdout, all else on stderr. */
  json: boolean;
  stdout: Output;
  stderr: Output;
}

/** Where the command line writes to, in lines. */
export class Screen implements Display {
  readonly #json: boolean;
  readonly #stdout: Output;
  readonly #stderr: Output;
  #hasStatus = false;

  constructor({ json, stdout, stderr }: ScreenOptions) {
    this.#json = json;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  say(text: string): void {
    if (this.#json) this.note(text);
    else this.#print(`${text}\n`);
  }

  note(text: string): void {
    this.#clearStatus();
    this.#stderr.write(`${text}\n`);
  }

  /**
   * A line on a terminal that whatever comes next replaces, cut off where the terminal would wrap it; nothing where
   * stderr goes elsewhere.
   */
  status(text: string): void {
    if (!this.#stderr.isTTY) return;
    this.#hasStatus = true;
    this.#stderr.write(`${CLEAR_LINE}${text.slice(0, (this.#stderr.columns || USUAL_COLUMNS) - 1)}`);
  }

  show({ data, arrival }: StreamRecord): OutputEvent | undefined {
    const event = parseOutputEvent(data);
    const text = this.#json
      ? jsonLine(data)
      : `${clockTime(arrival)}  ${printable(event ? describe(event, arrival) : describeForeign(data))}`;
    this.#print(`${text}\n`);
    return event;
  }

  #print(text: string): void {
    this.#clearStatus();
    this.#stdout.write(text);
  }

  #clearStatus(): void {
    if (!this.#hasStatus) return;
    this.#hasStatus = false;
    this.#stderr.write(CLEAR_LINE);
  }
}

/** The record as it is where that is one line of JSON; else the same value, or the text as a JSON string, in one. */
function jsonLine(data: Uint8Array): string {
  const text = Buffer.from(data).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return /[\r\n]/.test(text) ? JSON.stringify(value) : text;
  } catch {
    return JSON.stringify(text);
  }
}
