import { Construct } from 'constructs';
import { quicknet } from '../../lambda/contract/quicknet.ts';
import { LotteryFunction } from './lottery-function.ts';
import type { StreamInput } from './outer-streams.ts';
import type { ProcessorProps } from './processor-props.ts';

/** Starts and stops lotteries. */
export class LotteryEventsProcessor extends Construct {
  readonly handler: LotteryFunction<'lottery-events'>;
  readonly input: StreamInput;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { settings, streams, tables, receiptsKey, ticks } = props;
    const { outer } = streams;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'lottery-events',
      description: 'Starts and stops lotteries',
      timeoutSeconds: settings.timeoutSeconds,
      connection: { outer, talk: 'puts' },
      variables: {
        LOTTERIES_TABLE: tables.lotteries.tableName,
        SEEDS_TABLE: tables.seeds.tableName,
        WATERMARKS_TABLE: tables.watermarks.tableName,
        LOTTERY_EVENTS_OUTPUT_STREAM: outer.names['lottery-events-output'],
        TICKS_QUEUE_URL: ticks.queue.queueUrl,
        RECEIPTS_KEY_ID: receiptsKey.key.keyId,
        RANDOMNESS: settings.randomness,
        BEACON_CHAIN: JSON.stringify(quicknet),
        WINDOW_SECONDS: String(settings.windowSeconds),
        GRACE_SECONDS: String(settings.graceSeconds),
        MARGIN_MILLISECONDS: String(settings.marginMilliseconds),
        CLOCK_TOLERANCE_SECONDS: String(settings.clockToleranceSeconds),
        STREAM_RETENTION_HOURS: String(settings.retentionHours),
        AGGREGATE_OUTPUTS: settings.aggregateOutputs,
      },
    });
    this.input = outer.input(this, 'Input', 'lottery-events-input', {
      ...props,
      ...{ target: this.handler.function, reader: 'lottery-events' },
      batchSize: settings.lotteryEventsBatchSize,
      batchingSeconds: settings.lotteryEventsBatchingSeconds,
    });
    tables.grantManageLotteries(this.handler.function);
    tables.grantKeepSeeds(this.handler.function);
    tables.grantAdvanceWatermarks(this.handler.function);
    streams.grantPublishLotteryEvents(this.handler.function);
    receiptsKey.grantPublish(this.handler.function);
    ticks.grantSend(this.handler.function);
  }
}
