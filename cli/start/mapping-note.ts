import type { MappingEvent } from '../../local/event-source-mapping/index.ts';
import { ThrottledError } from '../../local/limited-host.ts';

/** What people are told of a mapping's event; undefined where it is nothing to them. */
export function mappingNote(functionName: string, event: MappingEvent): string | undefined {
  switch (event.type) {
    case 'failed':
      // Whoever paused it knows, and it is tried once a second.
      if (event.error instanceof ThrottledError) return undefined;
      return `${functionName} failed on ${counted(event.records, 'record')}: ${event.reason}`;
    case 'loopStopped':
      return `${functionName} was invoked too often in one chain: messages held back: ${event.records}`;
    default:
      return undefined;
  }
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
