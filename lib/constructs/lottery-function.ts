import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  LogLevel,
  NodejsFunction,
  OutputFormat,
  SourceMapMode,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import type { FunctionEnvironment, FunctionName } from '../../lambda/environment.ts';
import { metricNamespace } from '../../lambda/metric-names.ts';
import type { Settings } from '../settings.ts';
import type { FunctionLogs } from './function-logs.ts';

export interface LotteryFunctionProps<Name extends FunctionName> {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly logs: FunctionLogs;
  /** The function's name without prefix, which is also its folder's in `lambda/`. */
  readonly name: Name;
  readonly description: string;
  readonly timeoutSeconds: number;
  /** Only for a function that is meant to feed itself. Default: Lambda ends loops. */
  readonly recursiveLoop?: RecursiveLoop;
  /** What the function reads, and nothing else. */
  readonly variables: FunctionEnvironment<Name>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** ESM for tree shaking; the banner gives `require` to the CommonJS packages inside the bundle. */
const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  minify: true,
  logLevel: LogLevel.WARNING,
  // The locked SDK, not the one that the runtime happens to have on the day.
  bundleAwsSDK: true,
  mainFields: ['module', 'main'],
  // A file of its own beside the bundle, for whoever reads a stack trace: the function neither names nor loads it.
  sourceMap: true,
  sourceMapMode: SourceMapMode.EXTERNAL,
  sourcesContent: false,
  commandHooks: {
    beforeInstall: () => [],
    beforeBundling: () => [],
    // This Node: the one of the shell may be too old to run TypeScript.
    afterBundling: (_, output) => [`"${process.execPath}" "${root}lib/portable-source-map.ts" "${output}"`],
  },
  // Only variables give credentials to a Lambda function: the SDK's other sources were a quarter of each bundle.
  esbuildArgs: {
    '--alias': `@aws-sdk/credential-provider-node=${root}lambda/adapters/role-credentials.ts`,
  },
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
};

/** One Lambda function, with a role that may write the function's log and nothing else. */
export class LotteryFunction<Name extends FunctionName> extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: LotteryFunctionProps<Name>) {
    super(scope, id);
    const functionName = `${props.environment}-${props.name}`;
    this.function = new NodejsFunction(this, 'Function', {
      functionName,
      description: props.description,
      entry: `${root}lambda/${props.name}/handler.ts`,
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      bundling,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.settings.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.recursiveLoop && { recursiveLoop: props.recursiveLoop }),
      role: this.role(props),
      logGroup: props.logs.of(props.name),
      // A variable of the SDK's second version, which CDK sets by default.
      awsSdkConnectionReuse: false,
      environment: {
        ...props.variables,
        POWERTOOLS_SERVICE_NAME: functionName,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
        POWERTOOLS_LOG_LEVEL: props.settings.logLevel,
      },
    });
  }

  private role(props: LotteryFunctionProps<Name>): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    props.logs.grantWrite(role, props.name);
    return role;
  }
}
