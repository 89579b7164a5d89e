import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

export interface TicksQueueProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
}

/** AWS: the visibility time-out should be at least six times the time-out of the function that consumes. */
const visibilityFactor = 6;

/** After so many attempts a tick is set aside. Its draw still comes, when Lambda ends the window. */
const maxReceiveCount = 5;

/** The queue of delayed messages that make a draw due on time, and where those go that fail. */
export class TicksQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;

  constructor(scope: Construct, id: string, props: TicksQueueProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      queueName: `${props.environment}-ticks-dead-letter`,
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      queueName: `${props.environment}-ticks`,
      encryption: QueueEncryption.SQS_MANAGED,
      visibilityTimeout: Duration.seconds(visibilityFactor * props.settings.ticksTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
  }

  /** Queue a tick. */
  grantSend(grantee: IGrantable): Grant {
    return this.grant(grantee, ['sqs:SendMessage']);
  }

  /** Lets a function's mapping poll the queue: the three actions that Lambda asks for. */
  grantPoll(grantee: IGrantable): Grant {
    return this.grant(grantee, ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.queue.queueArn] });
  }
}
