import type { OutputEvent } from './output-events.ts';

/** The id of the input record that an output event is the outcome of; undefined for what is no outcome. */
export function recordIdOfOutcome(event: OutputEvent): string | undefined {
  switch (event.type) {
    case 'ClickAcceptedEvent':
      return event.entryId;
    case 'EntryMovedEvent':
    case 'LotteryWinnerEvent':
    case 'LotteryEndedEvent':
      return undefined;
    default:
      return event.recordId;
  }
}
