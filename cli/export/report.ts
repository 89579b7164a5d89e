import type { ShardStanding } from '../../client/archive.ts';
import type { Exported } from './export-directory.ts';
import { exportNames } from './names.ts';

/** What was written, and what is not archived yet. */
export interface ExportReport extends Exported {
  readonly directory: string;
  /** Shards with records that are on their stream alone; `archivedUpTo` in ms, absent where nothing is archived. */
  readonly notArchived: readonly ShardStanding[];
}

/** In lines for people. */
export function exportText({
  directory,
  events,
  sheets,
  missingSheets,
  foreign,
  notArchived,
}: ExportReport): string {
  return [
    `${directory}/${exportNames.events}: ${count(events, 'event')}`,
    `${directory}/${exportNames.sheets}: ${count(sheets, 'sheet')}`,
    ...missingSheets.map((name) => `not there, though a winner names it: the sheet ${name}`),
    ...(foreign > 0 ? [`left out: ${count(foreign, 'record')} that are no event`] : []),
    ...notArchived.map(
      ({ stream, shardId, archivedUpTo, notArchived: records }) =>
        `not archived yet: ${count(records, 'record')} of ${stream} events, ${shardId}, read from the stream ` +
        (archivedUpTo === undefined
          ? '(nothing of it is archived)'
          : `(archived up to ${new Date(archivedUpTo).toISOString()})`),
    ),
  ].join('\n');
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;
}
