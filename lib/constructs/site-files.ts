import { readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/** A file of the site, by its path in it. */
export interface SiteFile {
  readonly path: string;
  readonly contents: string;
}

const folder = `${projectRoot}web/`;

/**
 * The page, made of web/: all its files but config.json, which is of an environment. The check is a file of its own: who does
 * not use it does not load it.
 */
export function siteFiles(): readonly SiteFile[] {
  files ??= build();
  return files;
}

let files: readonly SiteFile[] | undefined;

function build(): readonly SiteFile[] {
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
    ...outputFiles.map(({ path, text }) => ({ path: path.slice(folder.length), contents: text })),
    ...['index.html', 'icon.svg'].map((path) => ({
      path,
      contents: readFileSync(`${folder}page/${path}`, 'utf8'),
    })),
  ];
}
