/**
 * Loaded before everything else (`node --import`): the file of the mutant that the variable MUTANT names is changed as it is
 * loaded. Nothing on the disk is.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const mutant = mutants.find(({ name }) => name === process.env.MUTANT);
if (mutant === undefined) throw new Error(`There is no mutant '${process.env.MUTANT}'`);
const { file, from, to } = mutant;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== new URL(file, `file://${root}`).href) return loaded;
    const text =
      typeof loaded.source === 'string'
        ? loaded.source
        : Buffer.from(bytesOf(loaded.source)).toString('utf8');
    if (text.split(from).length !== 2) throw new Error(`${file}: '${from}' is not in it once`);
    return { ...loaded, source: text.replace(from, () => to) };
  },
});

function bytesOf(source: unknown): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new TypeError(`${file} has no source`);
}
