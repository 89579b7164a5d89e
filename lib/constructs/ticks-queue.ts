import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ticksRetentionDays } from '../setting-constraints.ts';
import type { Settings } from '../settings.ts';
import type { Encryption } from './encryption.ts';

export interface TicksQueueProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/**
 * After so many attempts a tick is set aside. Its draw comes with the next tick of its run, if there is one: the last draw
 * of a run, and its end, do not.
 */
const maxReceiveCount = 5;

/** The longest that SQS keeps a message; in a dead-letter queue its age goes on counting from when it was sent. */
const retentionPeriod = Duration.days(ticksRetentionDays);

/** The queue of delayed messages that make a draw due on time, and where those go that fail. */
export class TicksQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: TicksQueueProps) {
    super(scope, id);
    this.encryption = props.encryption;
    const secured = { ...queueEncryption(props.encryption), enforceSSL: true };
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      queueName: `${props.environment}-ticks-dead-letter`,
      ...secured,
      retentionPeriod,
    });
    this.queue = new Queue(this, 'Queue', {
      queueName: `${props.environment}-ticks`,
      ...secured,
      retentionPeriod,
      visibilityTimeout: Duration.seconds(props.settings.ticksVisibilitySeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
  }

  /** Queue a tick. */
  grantSend(grantee: IGrantable): Grant {
    return this.grant(grantee, ['sqs:SendMessage']).combine(this.encryption.grantSend(grantee));
  }

  /** Lets a function's mapping poll the queue: the three actions that Lambda asks for. */
  grantPoll(grantee: IGrantable): Grant {
    return this.grant(grantee, ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']).combine(
      this.encryption.grantDecrypt(grantee),
    );
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.queue.queueArn] });
  }
}

function queueEncryption({ key }: Encryption): Pick<QueueProps, 'encryption' | 'encryptionMasterKey'> {
  if (key === undefined) return { encryption: QueueEncryption.SQS_MANAGED };
  return { encryption: QueueEncryption.KMS, encryptionMasterKey: key };
}
