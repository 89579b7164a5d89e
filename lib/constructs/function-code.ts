import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';
import type { FunctionName } from '../../lambda/environment.ts';

export const functionRuntime = Runtime.NODEJS_24_X;

const root = fileURLToPath(new URL('../../', import.meta.url));

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
  alias: { '@aws-sdk/credential-provider-node': `${root}lambda/adapters/role-credentials.ts` },
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
};

/**
 * A function's code with all that it imports, in one file: the locked SDK too, not the one that Lambda happens to have
 * on the day. CDK's NodejsFunction would run esbuild through npx, which takes longer than the bundling.
 */
export function functionCode(name: FunctionName): Code {
  // CDK bundles once for each path.
  return Code.fromAsset(`${root}lambda/${name}`, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the type: nothing needs Docker here.
      image: functionRuntime.bundlingImage,
      local: {
        tryBundle(directory) {
          bundle(name, directory);
          return true;
        },
      },
    },
  });
}

/**
 * The hash of an asset is that of its files, and the map names the sources as seen from the bundle: as seen from the
 * output directory, the same code would be another asset wherever it is synthesized, and be deployed again by each
 * machine. So it is built as if it lay in the root of the repository.
 */
function bundle(name: FunctionName, directory: string): void {
  const { outputFiles } = buildSync({
    ...options,
    absWorkingDir: root,
    entryPoints: [`lambda/${name}/handler.ts`],
    outfile: 'index.mjs',
    write: false,
  });
  for (const { path, contents } of outputFiles) writeFileSync(join(directory, basename(path)), contents);
}
