import { writeFileSync } from 'node:fs';
import { basename, join, parse } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type ConnectorName,
  type FunctionName,
  functionVariables,
  kafkaVariables,
} from '../../lambda/contract/variables.ts';
import { type BundledFile, bundle } from '../bundling/bundle.ts';
import { projectRoot } from '../project-root.ts';

export const functionRuntime = Runtime.NODEJS_24_X;

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

const bundles = new Map<ConnectorName, readonly BundledFile[]>();

/** All functions at once, as most of what they import is the same. */
function bundlesOf(connector: ConnectorName): readonly BundledFile[] {
  const names = Object.keys(functionVariables);
  const made =
    bundles.get(connector) ??
    bundle(names.map((name) => ({ in: handlerOf(name, connector), out: `${name}/index` })));
  bundles.set(connector, made);
  return made;
}
