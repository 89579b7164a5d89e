import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A folder with more files says what is in it and where to start. */
const mostFilesWithout = 5;
const mostLines = 10;
/** A page each: what the project is, how another project would use the runtime, the index of the decisions, how a peer is compared. */
const pages = ['.', 'local', 'docs/decisions', 'bench/peers/flink'];

/** The files that git has or would take, without what tells of them, by folder. */
function filesByFolder(): Map<string, string[]> {
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).split('\0');
  const folders = new Map<string, string[]>();
  for (const path of paths.filter((one) => one !== '' && existsSync(join(root, one)))) {
    if (basename(path) === 'README.md') continue;
    const folder = dirname(path);
    folders.set(folder, [...(folders.get(folder) ?? []), basename(path)]);
  }
  return folders;
}

/** What is wrong with what a folder says of itself, in words; undefined when nothing is. */
function problemOf(folder: string, files: readonly string[]): string | undefined {
  const readme = join(root, folder, 'README.md');
  if (!existsSync(readme)) {
    if (startsWithComment(join(root, folder, 'index.ts'))) return undefined;
    return `${files.length} files, and neither README.md nor a comment that begins index.ts`;
  }
  const text = readFileSync(readme, 'utf8');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (!pages.includes(folder) && lines.length > mostLines) return `README.md has ${lines.length} lines`;
  return namesFileIn(folder, text) ? undefined : 'README.md names no file that is there';
}

/** In backticks or as a link, as seen from the folder and in it. */
function namesFileIn(folder: string, text: string): boolean {
  const named = [...text.matchAll(/(?:`|\]\()([\w.@/-]+)/g)].map(([, path = '']) => join(root, folder, path));
  const inside = join(root, folder, '/');
  return named.some((path) => path.startsWith(inside) && existsSync(path) && statSync(path).isFile());
}

function startsWithComment(file: string): boolean {
  return existsSync(file) && /^\/[/*]/.test(readFileSync(file, 'utf8'));
}

it(`every folder with more than ${mostFilesWithout} files says what is in it and where to start`, () => {
  const large = [...filesByFolder()].filter(([, files]) => files.length > mostFilesWithout);
  expect(large.length).toBeGreaterThan(20);
  const problems = large.flatMap(([folder, files]) => {
    const problem = problemOf(folder, files);
    return problem === undefined ? [] : [`${folder}: ${problem}`];
  });
  expect(problems).toEqual([]);
});
