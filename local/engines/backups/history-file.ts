import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { BackupHistory, type HistoryEvent, historyEvent } from './history.ts';

/** A history, and how to add to it: to its file first, if it has one. */
export interface KeptHistory {
  readonly history: BackupHistory;
  add(happened: HistoryEvent): void;
}

/**
 * Reads the history that a file holds, one JSON line for each thing that happened, and keeps on writing there. Without
 * a file it is in memory alone. A process that is killed may leave half a line at the end: that one is left out.
 * @throws Error that names the file and what to do, when a whole line is not of a history
 */
export function openHistory(path: string | undefined): KeptHistory {
  const history = new BackupHistory();
  for (const happened of path !== undefined && existsSync(path) ? readLines(path) : [])
    history.apply(happened);
  return {
    history,
    add(happened) {
      if (path !== undefined) appendFileSync(path, `\n${JSON.stringify(happened)}`);
      history.apply(happened);
    },
  };
}

/** A line begins with its line break, so that half a line, which is no JSON, spoils none that is written after it. */
function readLines(path: string): HistoryEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const value = parseJson(line);
    if (value === undefined) return [];
    const parsed = historyEvent.safeParse(value);
    if (parsed.success) return [parsed.data];
    throw new Error(
      `The backups in ${path} are damaged. Delete the file: the tables themselves are elsewhere.`,
    );
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
