import { existsSync, writeFileSync } from 'node:fs';
import { basename, join, parse } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild';
import { type FunctionName, functionVariables } from '../../lambda/contract/variables.ts';
import { projectRoot } from '../project-root.ts';
import type { Settings } from '../settings.ts';

export const functionRuntime = Runtime.NODEJS_24_X;

/** ESM for tree shaking; the banner gives `require` to the CommonJS packages inside the bundle. */
const options: BuildOptions = {
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
  // Only variables give credentials to a Lambda function: the SDK's other sources were a quarter of each bundle.
  alias: { '@aws-sdk/credential-provider-node': `${projectRoot}lambda/adapters/role-credentials.ts` },
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
};

/**
 * A function's code with all that it imports, in one file: the locked SDK too, not the one that Lambda happens to have
 * on the day. CDK's NodejsFunction would run esbuild once for each function, through npx: longer than the bundling takes.
 */
export function functionCode(name: FunctionName, connector: Connector): Code {
  // CDK bundles once for each path and these options.
  return Code.fromAsset(`${projectRoot}lambda/functions/${name}`, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the type: nothing needs Docker here.
      image: functionRuntime.bundlingImage,
      environment: { CONNECTOR: connector },
      local: {
        tryBundle(directory) {
          for (const { path, contents } of bundlesOf(connector)) {
            const { dir, base } = parse(path);
            if (basename(dir) === name) writeFileSync(join(directory, base), contents);
          }
          return true;
        },
      },
    },
  });
}

type Connector = Settings['connector'];

const bundles = new Map<Connector, readonly OutputFile[]>();

function bundlesOf(connector: Connector): readonly OutputFile[] {
  const known = bundles.get(connector) ?? bundle(connector);
  bundles.set(connector, known);
  return known;
}

/**
 * All functions at once, as most of what they import is the same. The hash of an asset is that of its files, and a map
 * names the sources as seen from the bundle: as seen from the output directory, the same code would be another asset
 * wherever it is synthesized, and be deployed again by each machine. So each is built as if it lay in the repository.
 */
function bundle(connector: Connector): readonly OutputFile[] {
  const names = Object.keys(functionVariables);
  const { outputFiles } = buildSync({
    ...options,
    absWorkingDir: projectRoot,
    entryPoints: names.map((name) => ({ in: entryOf(name, connector), out: `${name}/index` })),
    outdir: '.',
    outExtension: { '.js': '.mjs' },
    write: false,
  });
  return outputFiles;
}

/** The entry file: a bundle has no other connector than its own. */
function entryOf(name: string, connector: Connector): string {
  const path = `lambda/functions/${name}/kafka-handler.ts`;
  return connector === 'kafka' && existsSync(`${projectRoot}${path}`)
    ? path
    : `lambda/functions/${name}/handler.ts`;
}
