import { Duration, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { removalPolicy } from '../removal.ts';
import type { Settings } from '../settings.ts';

export interface EncryptionProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
}

/**
 * The environment's own key, where the settings ask for one: for streams, tables, buckets, queues, logs and
 * the alarm topic. Without it each service uses a key of AWS's, for which nobody needs a grant.
 *
 * Which use of a resource needs which action is said by the service: Kinesis (Using server-side encryption,
 * permissions), DynamoDB (Encryption at rest, usage notes), SQS (Key management), Lambda (S3 destinations).
 */
export class Encryption extends Construct {
  readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, props: EncryptionProps) {
    super(scope, id);
    this.key = props.settings.encryption === 'own-key' ? this.ownKey(props) : undefined;
  }

  /** Read what others encrypted: records of a stream, messages of a queue. */
  grantDecrypt(grantee: IGrantable): Grant {
    return this.grant(grantee, ['kms:Decrypt']);
  }

  /** Write what others will read: records, objects. */
  grantEncrypt(grantee: IGrantable): Grant {
    return this.grant(grantee, ['kms:GenerateDataKey']);
  }

  /** Send to a queue: SQS reuses data keys, which it has to decrypt first. */
  grantSend(grantee: IGrantable): Grant {
    return this.grant(grantee, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** Read a table: DynamoDB decrypts the table's key on behalf of whoever asks. */
  grantReadTable(grantee: IGrantable): Grant {
    return this.grant(grantee, ['kms:Decrypt', 'kms:DescribeKey']);
  }

  /** Write a table: what DynamoDB names as the least, but for CreateGrant, which only the table's owner needs. */
  grantWriteTable(grantee: IGrantable): Grant {
    return this.grant(grantee, [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ]);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    if (this.key === undefined) return Grant.drop(grantee, 'keys of AWS need no grant');
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.key.keyArn] });
  }

  private ownKey({ environment, settings }: EncryptionProps): Key {
    const key = new Key(this, 'Key', {
      alias: `${environment}-lottery`,
      description: `What the ${environment} lottery stores`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: removalPolicy(settings),
    });
    // That CloudWatch may publish on the topic is added with the topic.
    key.addToResourcePolicy(logsOf(environment, Stack.of(this)));
    return key;
  }
}

/** CloudWatch Logs encrypts the functions' log groups; the actions are those its documentation asks for. */
function logsOf(environment: string, { partition, region, account }: Stack): PolicyStatement {
  return new PolicyStatement({
    sid: 'FunctionLogs',
    principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
    actions: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/${environment}-*`,
      },
    },
  });
}
