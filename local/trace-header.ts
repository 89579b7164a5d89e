import { createHash } from 'node:crypto';

/**
 * The trace header (`X-Amzn-Trace-Id`), as far as Lambda's loop detection needs it. Lambda Developer Guide, "Use
 * Lambda recursive loop detection to prevent infinite loops": what a function sends on carries how often it has
 * invoked the function. The SDK sends the header of the invocation along, SQS keeps it with the message as its system
 * attribute `AWSTraceHeader`, and the next invocation counts one up. How the count is written is not documented; here
 * it is `Lineage=<hash of the function>:<invocations>`, several with `|` between them, as in headers that were seen.
 */

/** "Approximately 16 times" in one chain of requests; the next invocation is stopped. */
export const INVOCATIONS_OF_A_CHAIN = 16;

const LINEAGE = /(?:^|;)\s*Lineage=([^;]*)/;
/** Who sends a message may write anything into its header: what is no count is passed over. */
const INVOCATIONS = /^([0-9a-f]{8}):(\d{1,9})$/;

/** Invocations by the hash of the function. */
type Lineage = ReadonlyMap<string, number>;

/** How often the function was invoked in the chain of requests that a message with this header belongs to. */
export function invocationsSoFar(header: string | undefined, functionName: string): number {
  return lineageOf(header).get(hash(functionName)) ?? 0;
}

export interface TracedInvocation {
  functionName: string;
  requestId: string;
  event: unknown;
}

/**
 * The header of an invocation: one more of the function than any record of the event had before. Of several chains in
 * one batch the longest counts, for each function; which one AWS takes is not documented.
 *
 * What came before is read from the event, where a mapping of SQS leaves it (`attributes.AWSTraceHeader`). Kinesis
 * keeps no header, so a chain begins anew behind a stream, as on AWS.
 */
export function headerOfInvocation({ functionName, requestId, event }: TracedInvocation): string {
  const longest = new Map<string, number>();
  for (const header of headersIn(event)) {
    for (const [id, count] of lineageOf(header)) longest.set(id, Math.max(count, longest.get(id) ?? 0));
  }
  const own = hash(functionName);
  longest.set(own, 1 + (longest.get(own) ?? 0));
  const lineage = [...longest].map(([id, count]) => `${id}:${count}`).join('|');
  const id = requestId.replaceAll('-', '');
  return `Root=1-${id.slice(0, 8)}-${id.slice(8)};Parent=${id.slice(0, 16)};Sampled=0;Lineage=${lineage}`;
}

function lineageOf(header = ''): Lineage {
  const parts = LINEAGE.exec(header)?.[1]?.split('|') ?? [];
  const counts = parts.map((part) => INVOCATIONS.exec(part));
  return new Map(counts.flatMap((match) => (match?.[1] ? [[match[1], Number(match[2])]] : [])));
}

function headersIn(event: unknown): string[] {
  const records: unknown = isObject(event) ? event.Records : undefined;
  if (!Array.isArray(records)) return [];
  return records.flatMap((record: unknown) => {
    const attributes = isObject(record) ? record.attributes : undefined;
    const header = isObject(attributes) ? attributes.AWSTraceHeader : undefined;
    return typeof header === 'string' ? [header] : [];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function hash(functionName: string): string {
  return createHash('sha256').update(functionName).digest('hex').slice(0, 8);
}
