import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import packageFile from '../../package.json' with { type: 'json' };
import { AccessPolicies } from '../constructs/access-policies.ts';
import { ArchiveProcessor } from '../constructs/archive-processor.ts';
import { DrawProcessor } from '../constructs/draw-processor.ts';
import { LotteryEventsProcessor } from '../constructs/lottery-events-processor.ts';
import { TicksProcessor } from '../constructs/ticks-processor.ts';
import { TicksQueue } from '../constructs/ticks-queue.ts';
import { UserEventsProcessor } from '../constructs/user-events-processor.ts';
import { Monitoring } from '../monitoring/monitoring.ts';
import type { LotteryStackProps, StatefulStack } from './stateful.ts';

export interface ProcessingStackProps extends LotteryStackProps {
  readonly stateful: StatefulStack;
}

/** What can be replaced at any time: functions, mappings, the queue of ticks, what watches them, and who may use them. */
export class ProcessingStack extends Stack {
  readonly access: AccessPolicies;

  constructor(scope: Construct, id: string, props: ProcessingStackProps) {
    super(scope, id, props);
    const { environment, settings } = props;
    const { encryption, streams, tables, artifacts, drawsBucket, receiptsKey, logs } = props.stateful;
    const ticks = new TicksQueue(this, 'Ticks', { environment, settings, encryption });
    const stateful = { encryption, streams, tables, artifacts, drawsBucket, receiptsKey, logs };
    const shared = { environment, settings, ...stateful, ticks };

    const lotteryEvents = new LotteryEventsProcessor(this, 'LotteryEvents', shared);
    const userEvents = new UserEventsProcessor(this, 'UserEvents', shared);
    const draw = new DrawProcessor(this, 'Draw', shared);
    const tickConsumer = new TicksProcessor(this, 'TickConsumer', shared);
    const archive = new ArchiveProcessor(this, 'Archive', shared);
    new Monitoring(this, 'Monitoring', { ...shared, lotteryEvents, userEvents, draw, tickConsumer, archive });
    const processors = [lotteryEvents, userEvents, draw, tickConsumer, archive];
    this.access = new AccessPolicies(this, 'Access', {
      ...shared,
      functions: processors.map(({ handler }) => handler.function),
      mappings: [
        ...[lotteryEvents, userEvents, draw].map(({ input }) => input.mapping),
        ...[tickConsumer.input, archive.userOutputs.mapping, archive.lotteryOutputs.mapping],
      ],
    });

    new CfnOutput(this, 'TicksQueueUrl', { value: ticks.queue.queueUrl });
    new CfnOutput(this, 'AppVersion', { value: packageFile.version });
  }
}
