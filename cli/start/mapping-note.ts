import type { MappingEvent } from '../../local/event-source-mapping/index.ts';
import { ThrottledError } from '../../local/limited-host.ts';

/** What people are told of a mapping's event; undefined where it is nothing to them. */
export function mappingNote(functionName: string, event: MappingEvent): string | undefined {
  switch (event.type) {
    case 'failed':
      // Whoever paused it knows, and it is tried once a second.
      if (event.error instanceof ThrottledError) return undefined;
      return `${functionName} failed on ${event.records} records: ${event.reason}`;
    case 'loopStopped':
      return `${functionName} was invoked too often in one chain: ${event.records} messages are held back`;
    default:
      return undefined;
  }
}
