import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { deserialize } from 'node:v8';

export interface EntryPoint {
  /** The module's path, as seen from the repository. */
  readonly in: string;
  /** The bundle's, without its extension. */
  readonly out: string;
}

export interface BundledFile {
  /** Absolute, as if it lay in the repository. */
  readonly path: string;
  readonly contents: Uint8Array;
}

const build = fileURLToPath(new URL('build.ts', import.meta.url));

/**
 * Modules with all that they import, in one file each, as functions are deployed, with its source map beside it. In a process of its own: CDK does
 * not wait for promises, and esbuild has no plugins for who does not.
 * @throws Error when the build fails; why, esbuild says on stderr
 */
export function bundle(entryPoints: readonly EntryPoint[]): readonly BundledFile[] {
  const files = execFileSync(process.execPath, [build], {
    input: JSON.stringify(entryPoints),
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  return deserialize(files);
}
