import { readFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import { build } from 'esbuild';
import { projectRoot } from '../project-root.ts';
import { functionParts } from './function-parts.ts';

/**
 * A process of `bundle.ts`: entry points come as JSON, files go as a V8 value. ESM for tree shaking; the banner gives
 * `require` to the CommonJS packages inside the bundle.
 */
const { outputFiles } = await build({
  entryPoints: JSON.parse(readFileSync(0, 'utf8')),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  logLevel: 'warning',
  mainFields: ['module', 'main'],
  // A file of its own beside the bundle, for whoever reads a stack trace: the function neither names nor loads it.
  sourcemap: 'external',
  sourcesContent: false,
  alias: {
    // Only variables give credentials to a Lambda function: the SDK's other sources were a quarter of each bundle.
    '@aws-sdk/credential-provider-node': `${projectRoot}lambda/adapters/role-credentials.ts`,
    // Kafka's client reads WebAssembly from a file that it looks for outside of the bundle: here it is the same as text.
    '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled',
  },
  plugins: [functionParts()],
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  // The hash of an asset is that of its files, and a map names the sources as seen from the bundle: as seen from a directory of the
  // machine's, the same code would be another asset wherever it is synthesized. So each is built as if it lay in the repository.
  absWorkingDir: projectRoot,
  outdir: '.',
  outExtension: { '.js': '.mjs' },
  write: false,
});

process.stdout.write(serialize(outputFiles.map(({ path, contents }) => ({ path, contents }))));
