import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnFunction,
  Function as LambdaFunction,
  type RecursiveLoop,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { metricNamespace } from '../../lambda/contract/metrics.ts';
import type { FunctionEnvironment, FunctionName } from '../../lambda/contract/variables.ts';
import type { Settings } from '../settings.ts';
import { functionCode, functionRuntime } from './function-code.ts';
import type { FunctionLogs } from './function-logs.ts';
import type { FunctionNetwork, OuterStreams, Talk } from './outer-streams.ts';

export interface LotteryFunctionProps<Name extends FunctionName> {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly logs: FunctionLogs;
  /** The function's name without prefix, which is also its folder's in `lambda/functions/`. */
  readonly name: Name;
  readonly description: string;
  readonly timeoutSeconds: number;
  /** Default: that of the settings. */
  readonly memoryMb?: number;
  /** Only for a function that is meant to feed itself. Default: Lambda ends loops. */
  readonly recursiveLoop?: RecursiveLoop;
  /** What it has to do with the outer streams. Default: nothing. */
  readonly connection?: { readonly outer: OuterStreams; readonly talk: Talk };
  /** What the function reads, and nothing else. */
  readonly variables: FunctionEnvironment<Name>;
}

/** One Lambda function, with a role that may write the function's log and nothing else. */
export class LotteryFunction<Name extends FunctionName> extends Construct {
  readonly function: LambdaFunction;
  /** Without the environment's prefix. */
  readonly name: Name;

  constructor(scope: Construct, id: string, props: LotteryFunctionProps<Name>) {
    super(scope, id);
    this.name = props.name;
    const functionName = `${props.environment}-${props.name}`;
    const { connection } = props;
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.description,
      code: functionCode(props.name, connection?.outer.connector ?? 'kinesis'),
      handler: 'index.handler',
      runtime: functionRuntime,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb ?? props.settings.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.recursiveLoop && { recursiveLoop: props.recursiveLoop }),
      role: this.role(props),
      logGroup: props.logs.of(props.name),
      environment: {
        ...props.variables,
        ...connection?.outer.variables(connection.talk),
        POWERTOOLS_SERVICE_NAME: functionName,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
        POWERTOOLS_LOG_LEVEL: props.settings.logLevel,
      },
    });
    const network = connection?.outer.network(connection.talk);
    if (network !== undefined) this.place(network);
  }

  /** CDK's own `vpc` wants the whole VPC, and gives the role AWS's policy, which is for any log. */
  private place({ subnetIds, securityGroupIds, grantBeThere }: FunctionNetwork): void {
    const { defaultChild } = this.function.node;
    if (!(defaultChild instanceof CfnFunction)) throw new Error('A function is not a function');
    defaultChild.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
    // Lambda tries the role when the function is made: the policy has to be there first.
    this.function.node.addDependency(grantBeThere(this.function));
  }

  private role(props: LotteryFunctionProps<Name>): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    props.logs.grantWrite(role, props.name);
    return role;
  }
}
