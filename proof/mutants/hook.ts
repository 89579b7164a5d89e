/**
 * Loaded before everything else (`node --import`): what the mutant that the variable MUTANT names changes is another as it
 * is loaded. Nothing on the disk is.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Change, changesOf } from './mutant.ts';
import { mutants } from './mutants.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const mutant = mutants.find(({ name }) => name === process.env.MUTANT);
if (mutant === undefined) throw new Error(`There is no mutant '${process.env.MUTANT}'`);
const changes = new Map(
  changesOf(mutant).map((change) => [new URL(change.file, `file://${root}`).href, change]),
);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const change = changes.get(url);
    return change === undefined ? loaded : { ...loaded, source: changed(loaded.source, change) };
  },
});

function changed(source: unknown, { file, from, to }: Change): string {
  const text = typeof source === 'string' ? source : Buffer.from(bytesOf(source, file)).toString('utf8');
  if (text.split(from).length !== 2) throw new Error(`${file}: '${from}' is not in it once`);
  return text.replace(from, () => to);
}

function bytesOf(source: unknown, file: string): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new TypeError(`${file} has no source`);
}
