import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LotteryFunction } from './lottery-function.ts';
import type { ProcessorProps } from './processor-props.ts';

/** Puts a tick on the entries stream when a draw is due; queues it again when that is not yet so. */
export class TicksProcessor extends Construct {
  readonly handler: LotteryFunction<'ticks'>;
  readonly input: EventSourceMapping;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { settings, streams, ticks } = props;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'ticks',
      description: 'Puts a tick on the entries stream when a draw is due',
      timeoutSeconds: settings.ticksTimeoutSeconds,
      variables: {
        ENTRIES_STREAM: streams.entries.streamName,
        TICKS_QUEUE_URL: ticks.queue.queueUrl,
      },
    });
    this.input = new EventSourceMapping(this, 'Input', {
      target: this.handler.function,
      eventSourceArn: ticks.queue.queueArn,
      batchSize: settings.ticksBatchSize,
      reportBatchItemFailures: true,
    });
    // Lambda tries the role when the mapping is made: the policy has to be there first.
    this.input.node.addDependency(ticks.grantPoll(this.handler.function));
    ticks.grantSend(this.handler.function);
    streams.grantPublishEntries(this.handler.function);
  }
}
