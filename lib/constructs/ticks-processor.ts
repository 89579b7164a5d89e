import { EventSourceMapping, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LotteryFunction } from './lottery-function.ts';
import type { ProcessorProps } from './processor-props.ts';

/**
 * Batches at a time. Without a limit Lambda adds more and more while messages wait, up to what the account has (Lambda
 * Developer Guide, "Configuring maximum concurrency for Amazon SQS event sources"), and takes it from the functions
 * that sell and draw. A tick that waits for its turn comes late, which its draw bears.
 */
const maxConcurrency = 10;

/**
 * Puts a tick on the entries stream when a window is complete; queues it again when that is not yet so, and sees to it
 * that shards without clicks say how far they are.
 */
export class TicksProcessor extends Construct {
  readonly handler: LotteryFunction<'ticks'>;
  readonly input: EventSourceMapping;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { settings, streams, tables, ticks } = props;
    const { outer } = streams;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'ticks',
      description: 'Puts a tick on the entries stream when a window is complete',
      timeoutSeconds: settings.ticksTimeoutSeconds,
      connection: { outer, talk: 'puts' },
      // A tick waits by being queued again: every 15 minutes for an ending that lies ahead, at least every minute while
      // a shard holds it up. Lambda would stop it after about 16 rounds (Lambda Developer Guide, "Use Lambda recursive
      // loop detection to prevent infinite loops"). No other function is in such a loop: they read streams, and Kinesis
      // is not among the services through which Lambda follows a chain. What ends the loop is the message's own time,
      // and then the shards'.
      recursiveLoop: RecursiveLoop.ALLOW,
      variables: {
        WATERMARKS_TABLE: tables.watermarks.tableName,
        LOTTERY_EVENTS_INPUT_STREAM: outer.names['lottery-events-input'],
        USER_EVENTS_INPUT_STREAM: outer.names['user-events-input'],
        ENTRIES_STREAM: streams.entries.streamName,
        TICKS_QUEUE_URL: ticks.queue.queueUrl,
        CLOCK_TOLERANCE_SECONDS: String(settings.clockToleranceSeconds),
      },
    });
    this.input = new EventSourceMapping(this, 'Input', {
      target: this.handler.function,
      eventSourceArn: ticks.queue.queueArn,
      batchSize: settings.ticksBatchSize,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
    // Lambda tries the role when the mapping is made: the policy has to be there first.
    this.input.node.addDependency(ticks.grantPoll(this.handler.function));
    ticks.grantSend(this.handler.function);
    tables.grantReadWatermarks(this.handler.function);
    streams.grantListInputShards(this.handler.function);
    streams.grantPublishHeartbeats(this.handler.function);
    streams.grantPublishEntries(this.handler.function);
  }
}
