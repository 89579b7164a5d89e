/** The site's files, as they are served: `lib/` deploys them, tests serve them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

export interface SiteFile {
  /** As its address has it, without the first slash. */
  readonly path: string;
  readonly contents: Uint8Array;
}

/** All but config.json, which is of an environment. */
export async function buildSite(): Promise<SiteFile[]> {
  return buildSiteSync();
}

/** For a synthesis, which cannot wait. The check is a file of its own: who does not use it does not load it. */
export function buildSiteSync(): SiteFile[] {
  const { outputFiles } = buildSync({
    absWorkingDir: folder,
    entryPoints: [
      { in: 'page/main.tsx', out: 'app' },
      { in: 'page/app.css', out: 'app' },
      { in: 'check/worker.ts', out: 'check' },
    ],
    outdir: '.',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  return [
    ...outputFiles.map(({ path, contents }) => ({ path: path.slice(folder.length), contents })),
    ...['index.html', 'icon.svg'].map((path) => ({
      path,
      contents: readFileSync(`${folder}page/${path}`),
    })),
  ];
}
