/** What an environment is restored to: one instant for all of its tables, which hold positions in each other's events. */
export type RestoreSource =
  /** To the second, by the tables' point-in-time recovery. */
  | { readonly kind: 'time'; readonly at: Date }
  /** By a set of on-demand backups, one of each table, that was made while nothing wrote. */
  | { readonly kind: 'backups'; readonly set: string; readonly at: Date }
  /** By copies that somebody imported from exports of another region's tables, all of one time: its streams are gone. */
  | { readonly kind: 'imported'; readonly at: Date };

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
const SET = /^paused-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** @throws Error that says which form is expected */
export function timeSource(kind: 'time' | 'imported', text: string): RestoreSource {
  const at = new Date(text);
  if (!TIME.test(text) || Number.isNaN(at.getTime()) || !isDay(text)) {
    throw new Error(`'${text}' is no time with a time zone, to the second, such as 2026-05-01T12:00:00Z`);
  }
  return { kind, at };
}

/** JavaScript takes a 31st of February for a day in March. */
function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

/**
 * The names of a set's backups say when, and by whom they were made: DynamoDB promises of a backup only that it is
 * within a minute of its request, so backups of tables that are written are of as many instants.
 * @throws Error for the name of any other backup
 */
export function backupsSource(set: string): RestoreSource {
  const [, year, month, day, hour, minute, second] = SET.exec(set) ?? [];
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at.getTime())) {
    throw new Error(
      `'${set}' is no set of backups that --take-backup made, such as paused-20260501T120000Z: of others nobody ` +
        'knows whether all tables are of one instant',
    );
  }
  return { kind: 'backups', set, at };
}

/** @param at whole seconds count */
export function setName(at: Date): string {
  return `paused-${at.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')}`;
}

export function describeSource(source: RestoreSource): string {
  switch (source.kind) {
    case 'time':
      return atSecond(source.at);
    case 'backups':
      return `the backups ${source.set}`;
    case 'imported':
      return `what was exported as of ${atSecond(source.at)}`;
    default:
      return source satisfies never;
  }
}

export function atSecond(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '');
}
