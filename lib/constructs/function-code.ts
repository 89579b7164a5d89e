import { writeFileSync } from 'node:fs';
import { basename, join, parse } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild';
import {
  type ConnectorName,
  type FunctionName,
  functionVariables,
  kafkaVariables,
} from '../../lambda/contract/variables.ts';
import { projectRoot } from '../project-root.ts';

export const functionRuntime = Runtime.NODEJS_24_X;

/** ESM for tree shaking; the banner gives `require` to the CommonJS packages inside the bundle. */
export const bundleOptions: BuildOptions = {
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
  alias: {
    '@aws-sdk/credential-provider-node': `${projectRoot}lambda/adapters/role-credentials.ts`,
    // Kafka's client reads WebAssembly from a file that it looks for outside of the bundle: here it is the same as text.
    '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled',
  },
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
};

/**
 * A function's code with all that it imports, in one file: the locked SDK too, not the one that Lambda happens to have
 * on the day. CDK's NodejsFunction would run esbuild once for each function, through npx: longer than the bundling takes.
 */
export function functionCode(name: FunctionName, connector: ConnectorName): Code {
  const handler = handlerOf(name, connector);
  return Code.fromAsset(`${projectRoot}lambda/functions/${name}`, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the type: nothing needs Docker here.
      image: functionRuntime.bundlingImage,
      // Not run either: it tells CDK that the two bundles of a function are not the same one.
      command: [handler],
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

/** A bundle has only what its own environment's outer streams are. What has nothing to do with them has one handler. */
function handlerOf(name: string, connector: ConnectorName): string {
  const isKafka = connector === 'kafka' && Object.hasOwn(kafkaVariables, name);
  return `lambda/functions/${name}/${isKafka ? 'kafka-handler' : 'handler'}.ts`;
}

const bundles = new Map<ConnectorName, readonly OutputFile[]>();

function bundlesOf(connector: ConnectorName): readonly OutputFile[] {
  const made = bundles.get(connector) ?? bundle(connector);
  bundles.set(connector, made);
  return made;
}

/**
 * All functions at once, as most of what they import is the same. The hash of an asset is that of its files, and a map
 * names the sources as seen from the bundle: as seen from the output directory, the same code would be another asset
 * wherever it is synthesized, and be deployed again by each machine. So each is built as if it lay in the repository.
 */
function bundle(connector: ConnectorName): readonly OutputFile[] {
  const names = Object.keys(functionVariables);
  const { outputFiles } = buildSync({
    ...bundleOptions,
    absWorkingDir: projectRoot,
    entryPoints: names.map((name) => ({ in: handlerOf(name, connector), out: `${name}/index` })),
    outdir: '.',
    outExtension: { '.js': '.mjs' },
    write: false,
  });
  return outputFiles;
}
