import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type FunctionName, functionVariables } from '../../lambda/contract/variables.ts';
import { removalPolicy } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { Encryption } from './encryption.ts';

export interface FunctionLogsProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/**
 * One log group per function. Log groups outlive functions, so that they are not in the functions' stack: to make that
 * stack again would meet the names of the log groups that are still there.
 */
export class FunctionLogs extends Construct {
  private readonly groups: ReadonlyMap<string, ILogGroup>;

  constructor(scope: Construct, id: string, props: FunctionLogsProps) {
    super(scope, id);
    const hasPage = props.settings.livePage === 'on';
    const names = Object.keys(functionVariables).filter((name) => hasPage || name !== 'live');
    this.groups = new Map(names.map((name) => [name, this.group(name, props)]));
  }

  of(name: FunctionName): ILogGroup {
    const group = this.groups.get(name);
    if (group === undefined) throw new Error(`There is no log group for the function ${name}`);
    return group;
  }

  /** Write the function's log: less than AWSLambdaBasicExecutionRole, which may write every log group. */
  grantWrite(grantee: IGrantable, name: FunctionName): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resourceArns: [this.of(name).logGroupArn],
    });
  }

  private group(name: string, { environment, settings, encryption }: FunctionLogsProps): LogGroup {
    return new LogGroup(this, name, {
      logGroupName: `/aws/lambda/${environment}-${name}`,
      retention: settings.logRetentionDays,
      removalPolicy: removalPolicy(settings),
      ...(encryption.key && { encryptionKey: encryption.key }),
    });
  }
}
