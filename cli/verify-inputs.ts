import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SheetFile } from '../verify/verify.ts';
import { exportNames } from './export/names.ts';
import { type Input, InputError, nameOf, openInput, STANDARD_INPUT } from './input.ts';
import { linesOf } from './lines.ts';

/** A record's megabyte, each byte of it written as an escape of six. */
const LINE_BYTES = 6 * 1024 * 1024;

/** Whether a file of a directory is a draw's sheet: `npm start -- --sheets DIR` names them so. */
const SHEET = /\.jsonl(\.gz)?$/;

/** @throws InputError for a line that is no record's: it cannot be judged. */
export async function* texts(input: Input): AsyncGenerator<string> {
  for await (const { number, bytes, data } of linesOf(input, LINE_BYTES)) {
    if (data === undefined) throw new InputError(`Line ${number} has ${bytes} bytes: no record is that long`);
    yield data.toString('utf8');
  }
}

/** The one line of `--receipt`. @throws InputError where it is not one */
export async function receiptIn(path: string): Promise<string> {
  const lines: string[] = [];
  for await (const text of texts(await openInput(path))) {
    if (text.trim() !== '') lines.push(text);
    if (lines.length > 1) break;
  }
  const [line, another] = lines;
  if (line !== undefined && another === undefined) return line;
  const has = line === undefined ? 'is empty' : 'has more than one line';
  throw new InputError(`--receipt ${nameOf(path)} ${has}: it takes one, a ClickAcceptedEvent`);
}

/** What is checked: a file, and directories of sheets that lie with it. */
interface Given {
  readonly file: string;
  readonly sheetDirectories: readonly string[];
}

/** @param path of a file, or of what `lottery export` has written @throws InputError for another directory */
export async function given(path: string): Promise<Given> {
  const names = path === STANDARD_INPUT ? undefined : await readdir(path).catch(() => undefined);
  if (names === undefined) return { file: path, sheetDirectories: [] };
  if (!names.includes(exportNames.events)) {
    throw new InputError(`Cannot read ${path}: it is a directory, and has no ${exportNames.events} in it`);
  }
  const sheets = join(path, exportNames.sheets);
  // An export without winners has none.
  const hasSheets = await readdir(sheets).then(
    (inside) => inside.some((name) => SHEET.test(name)),
    () => false,
  );
  return { file: join(path, exportNames.events), sheetDirectories: hasSheets ? [sheets] : [] };
}

/** The paths of all sheets. @throws InputError where a directory cannot be read, or has none */
export async function sheetPaths(
  files: readonly string[],
  directories: readonly string[],
): Promise<string[]> {
  const inside = await Promise.all(directories.map(sheetsIn));
  return [...files, ...inside.flat()];
}

async function sheetsIn(directory: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch {
    throw new InputError(`Cannot read --sheets ${directory}: there is no such directory`);
  }
  const sheets = names.filter((name) => SHEET.test(name)).toSorted();
  if (sheets.length === 0) throw new InputError(`--sheets ${directory} has no sheet (*.jsonl) in it`);
  return sheets.map((name) => join(directory, name));
}

/** Opens each when its turn comes. */
export async function* sheetFiles(paths: readonly string[]): AsyncGenerator<SheetFile> {
  for (const path of paths) yield { name: nameOf(path), chunks: await openInput(path) };
}
