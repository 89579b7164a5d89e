#!/usr/bin/env node
// `npx lottery`: runs a subcommand on the Node of this package, whatever Node this file runs on (20 or newer).
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const [name = '', ...rest] = process.argv.slice(2);

if (!existsSync(node)) {
  process.stderr.write(`There is no Node 24 in ${root}node_modules: run npm ci there\n`);
  process.exit(1);
}

const child = spawn(node, [...program(), ...rest], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // From a terminal the child has it already: it takes what follows at once for the same one.
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => {
  process.stderr.write(`${node} does not start: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));

/** Node's options and the file: of a script of package.json as it is there, else of the command itself. */
function program() {
  const scripts = json('cli/scripts.json');
  if (!Object.hasOwn(scripts, name)) {
    const own = ['--import', absolute('./local/compile-cache.mjs'), absolute('cli/lottery.ts')];
    return name === '' ? own : [...own, name];
  }
  const [, ...words] = json('package.json').scripts[scripts[name].script].split(' ');
  return words.map(absolute);
}

function json(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** Files are the package's, wherever the command is called. */
function absolute(word) {
  return /\.(ts|mjs)$/.test(word) ? join(root, word) : word;
}
