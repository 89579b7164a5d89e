import type { StreamRecord } from '../consumer.ts';
import { clockTime, describe, describeForeign, printable } from './describe.ts';
import { type OutputEvent, parseOutputEvent } from './output-events.ts';

/** Moves to the start of the line and clears it. */
const CLEAR_LINE = '\r\u001b[K';

/** Where the command line writes to. */
export class Screen {
  readonly #json: boolean;
  #hasStatus = false;

  /**
   * @param json records as JSON lines on stdout, all else on stderr.
   * @param onClosed called when nobody reads stdout any more (`| head`).
   */
  constructor(json: boolean, onClosed: () => void) {
    this.#json = json;
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      onClosed();
    });
  }

  /** For whoever started the command. */
  say(text: string): void {
    if (this.#json) this.note(text);
    else this.#print(`${text}\n`);
  }

  /** Beside the point: progress, warnings, errors. */
  note(text: string): void {
    this.#clearStatus();
    process.stderr.write(`${text}\n`);
  }

  /** A line on a terminal that the next one replaces; nothing where stderr goes elsewhere. */
  status(text: string): void {
    if (!process.stderr.isTTY) return;
    this.#hasStatus = true;
    process.stderr.write(`${CLEAR_LINE}${text.slice(0, process.stderr.columns - 1)}`);
  }

  /** A record of an output stream. @returns the event in it, if it holds one. */
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
    process.stdout.write(text);
  }

  #clearStatus(): void {
    if (!this.#hasStatus) return;
    this.#hasStatus = false;
    process.stderr.write(CLEAR_LINE);
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
