import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { FunctionLogs } from './function-logs.ts';
import { LotteryFunction } from './lottery-function.ts';
import type { ReceiptsKey } from './receipts-key.ts';

export interface ReceiptsPublicKeyProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly logs: FunctionLogs;
  readonly receiptsKey: ReceiptsKey;
}

/** Room for what the function waits for KMS, and for its attempts to answer (lambda/contract/waiting.ts). */
const timeoutSeconds = 60;

/**
 * How long a deployment waits for an answer, instead of an hour. CloudFormation asks asynchronously: where the function
 * fails, Lambda asks it again after one minute and after two more (Lambda Developer Guide, "How Lambda handles errors and
 * retries with asynchronous invocation"), which are six minutes with three time-outs.
 */
const serviceTimeout = Duration.minutes(10);

/**
 * The public half of the key that signs receipts, which no template can ask KMS for: CloudFormation asks a function, with the
 * rights of who deploys. It asks again only when the key is another one. Whoever deletes the stack deletes the resource
 * first, then the function, as the resource refers to it; a function that somebody deleted before answers no more, and the
 * deletion fails after the time above.
 */
export class ReceiptsPublicKey extends Construct {
  /** SubjectPublicKeyInfo, base64: as `receiptKey` of `LotteryStartedEvent` has it. */
  readonly spki: string;

  constructor(scope: Construct, id: string, props: ReceiptsPublicKeyProps) {
    super(scope, id);
    const { receiptsKey, settings } = props;
    const handler = new LotteryFunction(this, 'Handler', {
      ...props,
      // The stateful stack does not change with settings of the processing.
      settings: { ...settings, logLevel: 'INFO' },
      name: 'receipts-public-key',
      description: 'Tells a deployment the public half of the key that signs receipts',
      timeoutSeconds,
      // One call, once a deployment.
      memoryMb: 128,
      variables: {},
    });
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::ReceiptsPublicKey',
      serviceToken: handler.function.functionArn,
      serviceTimeout,
      properties: { KeyId: receiptsKey.key.keyArn },
    });
    // The function waits for its role's policies; so does who asks it.
    resource.node.addDependency(receiptsKey.grantPublish(handler.function));
    this.spki = resource.getAttString('PublicKey');
  }
}
