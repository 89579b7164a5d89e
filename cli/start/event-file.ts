import { type EventLine, route } from '../../client/event-lines.ts';
import { type Input, InputError } from '../input.ts';
import { linesOf } from '../lines.ts';

/** What a record's data may have: 1 MiB, Kinesis' default limit, and the engine's (Kinesis API reference, PutRecord). */
const RECORD_BYTES = 1_048_576;

export interface EventLinesOptions {
  /** Told in a line what cannot be put or read, each once. */
  onProblem(text: string): void;
}

/**
 * The lines of an events file, blank ones left out. What fits into no record is left out; where the input fails, the
 * lines before that are all there are.
 */
export async function* eventLines(input: Input, { onProblem }: EventLinesOptions): AsyncGenerator<EventLine> {
  let last = 0;
  try {
    for await (const { number, bytes, data } of linesOf(input, RECORD_BYTES)) {
      last = number;
      const text = data?.toString('utf8');
      if (data === undefined || text === undefined) onProblem(tooLong(number, bytes));
      else if (text.trim() !== '') yield { number, data, ...route(text) };
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    onProblem(last === 0 ? error.message : `${error.message}, after line ${last}`);
  }
}

function tooLong(line: number, bytes: number): string {
  const [has, holds] = [bytes, RECORD_BYTES].map((count) => count.toLocaleString('en-US'));
  return `Line ${line} has ${has} bytes, a record holds ${holds}: left out`;
}
