import { createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ExportCounts, type ExportOptions, exportedEvents } from '../../client/export.ts';
import { exportNames } from './names.ts';

/** What was written. */
export interface Exported extends ExportCounts {
  readonly events: number;
  readonly sheets: number;
  /** Names of sheets that winners name and that are not there, or not what their names say. */
  readonly missingSheets: readonly string[];
}

export interface SheetReader {
  /** @returns undefined where there is none, or its contents are not those that its name says */
  get(name: string): Promise<string | undefined>;
}

/**
 * Writes `events.jsonl` and `sheets/<name>.jsonl` into a directory, which is made. What is there is replaced: the events when
 * all of them are written, so that no half of them is taken for all.
 * @throws what reading and writing throw
 */
export async function exportTo(
  directory: string,
  sheetsOf: SheetReader,
  options: ExportOptions,
): Promise<Exported> {
  const sheetDirectory = join(directory, exportNames.sheets);
  await mkdir(sheetDirectory, { recursive: true });
  const counts: ExportCounts = { foreign: 0 };
  const sheets = new Set<string>();
  let events = 0;
  async function* lines() {
    for await (const { text, fields } of exportedEvents(options, counts)) {
      events += 1;
      if (fields.type === 'LotteryWinnerEvent' && fields.sheet !== undefined) sheets.add(fields.sheet);
      yield `${text}\n`;
    }
  }
  const path = join(directory, exportNames.events);
  await pipeline(Readable.from(lines()), createWriteStream(`${path}.part`));
  await rename(`${path}.part`, path);
  const missingSheets: string[] = [];
  for (const name of sheets) {
    const text = await sheetsOf.get(name);
    if (text === undefined) missingSheets.push(name);
    else await writeFile(join(sheetDirectory, `${name}.jsonl`), text);
  }
  return { ...counts, events, sheets: sheets.size - missingSheets.length, missingSheets };
}
