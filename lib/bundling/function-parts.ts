import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';
import { projectRoot } from '../project-root.ts';
import { replacedParts } from './replaced-parts.ts';
import { retryableErrors, shakeableSchemas } from './sdk-schemas.ts';

const ours = `${projectRoot}lambda/adapters/`;

/**
 * Leaves out of a bundle what the SDK, and Kafka's client, have and no function needs.
 * @throws Error in the build when a file of theirs is not there any more, or not written as it was
 */
export function functionParts(): Plugin {
  return {
    name: 'function-parts',
    setup(build) {
      replaceParts(build);
      shakeSchemas(build);
      // Clients tell AWS their version, and have the whole of this file for it.
      build.onLoad({ filter: /\/@aws-sdk\/client-\w+\/package\.json$/ }, ({ path }) => {
        const { version } = JSON.parse(readFileSync(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  };
}

function replaceParts({ onLoad }: PluginBuild): void {
  for (const [file, { by, names }] of Object.entries(replacedParts)) {
    if (!existsSync(`${projectRoot}node_modules/${file}`)) {
      throw new Error(`${file} is to be replaced, and is not there`);
    }
    const contents = `export ${names === undefined ? '*' : `{ ${names} }`} from ${JSON.stringify(ours + by)};`;
    const filter = new RegExp(`/node_modules/${file.replaceAll('.', '\\.')}$`);
    onLoad({ filter }, () => ({ contents, resolveDir: projectRoot }));
  }
}

/** An error is needed if a source of the product names it, or if what is more to its class is that it can be tried again. */
function shakeSchemas({ onLoad }: PluginBuild): void {
  const words = new Set<string>();
  for (const file of globSync(`${projectRoot}lambda/**/*.ts`)) {
    for (const [word] of readFileSync(file, 'utf8').matchAll(/\w+/g)) words.add(word);
  }
  onLoad({ filter: /\/@aws-sdk\/client-\w+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => {
    const retryable = retryableErrors(readFileSync(join(dirname(path), '../models/errors.js'), 'utf8'));
    const isNeeded = (error: string) => words.has(error) || retryable.has(error);
    return { contents: shakeableSchemas(readFileSync(path, 'utf8'), isNeeded), resolveDir: dirname(path) };
  });
}
