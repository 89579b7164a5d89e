import { randomUUID } from 'node:crypto';
import { route } from '../client/event-lines.ts';
import type { PutRecord } from '../client/puts.ts';
import { type Input, InputError } from './input.ts';
import { linesOf } from './lines.ts';

/** Kinesis takes 1 MiB with the key, in base64 a third more. */
const MOST_BYTES = 1_400_000;

/** A line of bytes in base64. @throws InputError for what is not that, without its number */
export function putLine(
  line: Buffer,
  { stream, key = randomUUID() }: { stream: PutRecord['stream']; key?: string | undefined },
): PutRecord {
  const text = line.toString('latin1').trim();
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text))
    throw new InputError('it is not base64');
  return { stream, partitionKey: key, data: Buffer.from(text, 'base64') };
}

/** An event goes where its type and its id send it, whatever it is. */
function eventLine(line: Buffer): PutRecord {
  const { stream, partitionKey } = route(line.toString('utf8'));
  return { stream, partitionKey, data: line };
}

/** A record for each line that is not empty. @throws InputError with the number of the line that is wrong */
export async function* recordsInLines(
  input: Input,
  recordOf: (line: Buffer) => PutRecord = eventLine,
): AsyncGenerator<PutRecord> {
  for await (const { number, data, bytes } of linesOf(input, MOST_BYTES)) {
    if (bytes === 0 || data?.toString('latin1').trim() === '') continue;
    if (data === undefined)
      throw new InputError(`Line ${number} has ${bytes} bytes, and a record 1 MiB at most`);
    try {
      yield recordOf(data);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`Line ${number}: ${error.message}`, { cause: error });
    }
  }
}
