import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DrawProcessor } from '../constructs/draw-processor.ts';
import { LotteryEventsProcessor } from '../constructs/lottery-events-processor.ts';
import { TicksProcessor } from '../constructs/ticks-processor.ts';
import { TicksQueue } from '../constructs/ticks-queue.ts';
import { UserEventsProcessor } from '../constructs/user-events-processor.ts';
import type { LotteryStackProps, StatefulStack } from './stateful.ts';

export interface ProcessingStackProps extends LotteryStackProps {
  readonly stateful: StatefulStack;
}

/** What can be replaced at any time: functions, mappings, the queue of ticks. */
export class ProcessingStack extends Stack {
  constructor(scope: Construct, id: string, props: ProcessingStackProps) {
    super(scope, id, props);
    const { environment, settings, stateful } = props;
    const ticks = new TicksQueue(this, 'Ticks', { environment, settings, encryption: stateful.encryption });
    const shared = { environment, settings, ticks, ...pick(stateful) };

    new LotteryEventsProcessor(this, 'LotteryEvents', shared);
    new UserEventsProcessor(this, 'UserEvents', shared);
    new DrawProcessor(this, 'Draw', shared);
    new TicksProcessor(this, 'TickConsumer', shared);

    new CfnOutput(this, 'TicksQueueUrl', { value: ticks.queue.queueUrl });
  }
}

function pick({ encryption, streams, tables, artifacts }: StatefulStack) {
  return { encryption, streams, tables, artifacts };
}
