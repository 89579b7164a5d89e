/**
 * `node portable-source-map.ts <directory>`: run by CDK after it has bundled a function into the directory.
 *
 * The hash of an asset is that of its files, and esbuild names the sources of its map as seen from the output
 * directory: the same code would be another asset wherever it is synthesized, and be deployed again by each machine.
 * As seen from the root of the repository they are called the same everywhere.
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface SourceMap {
  readonly sources: readonly string[];
}

const root = realpathSync(fileURLToPath(new URL('..', import.meta.url)));
const directory = realpathSync(process.argv[2] ?? '');
const file = join(directory, 'index.mjs.map');

const map: SourceMap = JSON.parse(readFileSync(file, 'utf8'));
const sources = map.sources.map((source) => relative(root, resolve(directory, source)).replaceAll('\\', '/'));
writeFileSync(file, JSON.stringify({ ...map, sources }));
