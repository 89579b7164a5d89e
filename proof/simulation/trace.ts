import type { MappingEvent } from '../../local/event-source-mapping/index.ts';
import type { AwsAnswer, AwsCall } from '../../local/proxy/aws-call.ts';

/** Told what happens in a simulation, a line for each step, in its order; it is put into words when somebody listens. */
export type Trace = (line: () => string) => void;

/** A call when it has come back to its caller, or was lost on the way. */
export function callLine(
  { caller, service, operation, body }: AwsCall,
  answer: AwsAnswer | 'disconnect',
): string {
  const what = `${caller} calls ${service} ${operation} (${body.length} bytes)`;
  if (answer === 'disconnect') return `${what}: the connection is closed`;
  if (answer.status < 400) return `${what}: done`;
  const [, type = String(answer.status)] = /"__type":"([^"]*)"/.exec(answer.body.toString('utf8')) ?? [];
  return `${what}: ${type}`;
}

export function mappingLine(functionName: string, event: MappingEvent): string {
  const { type, origin, ...details } = event;
  const said = Object.entries(details).map(([name, value]) => `${name} ${sayable(value)}`);
  return `${functionName} from ${origin}: ${type}${said.length === 0 ? '' : `, ${said.join(', ')}`}`;
}

function sayable(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
