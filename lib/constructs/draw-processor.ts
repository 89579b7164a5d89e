import { Construct } from 'constructs';
import { LotteryFunction } from './lottery-function.ts';
import type { ProcessorProps } from './processor-props.ts';
import { StreamMapping } from './stream-mapping.ts';

/** Merges entries into draws and announces the winners. */
export class DrawProcessor extends Construct {
  readonly handler: LotteryFunction<'draw'>;
  readonly input: StreamMapping;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { settings, streams, tables, drawsBucket, ticks } = props;
    const { outer } = streams;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'draw',
      description: 'Merges entries into draws, stores and announces the winners',
      timeoutSeconds: settings.timeoutSeconds,
      connection: { outer, talk: 'puts' },
      variables: {
        LOTTERIES_TABLE: tables.lotteries.tableName,
        SEEDS_TABLE: tables.seeds.tableName,
        DRAWS_TABLE: tables.draws.tableName,
        REFUNDS_TABLE: tables.refunds.tableName,
        DRAWS_BUCKET: drawsBucket.bucket.bucketName,
        LOTTERY_EVENTS_OUTPUT_STREAM: outer.names['lottery-events-output'],
        USER_EVENTS_INPUT_STREAM: outer.names['user-events-input'],
        TICKS_QUEUE_URL: ticks.queue.queueUrl,
        BEACON_URLS: settings.beaconUrls,
        CLOCK_TOLERANCE_SECONDS: String(settings.clockToleranceSeconds),
        AGGREGATE_OUTPUTS: settings.aggregateOutputs,
      },
    });
    this.input = new StreamMapping(this, 'Input', {
      ...props,
      stream: streams.entries,
      target: this.handler.function,
      batchSize: settings.drawBatchSize,
      batchingSeconds: settings.drawBatchingSeconds,
      tumblingWindowSeconds: settings.windowSeconds,
    });
    this.grantAll(props);
  }

  private grantAll({ streams, tables, drawsBucket, ticks }: ProcessorProps): void {
    tables.grantEndLotteries(this.handler.function);
    tables.grantReadSeeds(this.handler.function);
    tables.grantDraw(this.handler.function);
    tables.grantRefund(this.handler.function);
    drawsBucket.grantDraw(this.handler.function);
    streams.grantPublishLotteryEvents(this.handler.function);
    streams.grantPublishRefunds(this.handler.function);
    ticks.grantSend(this.handler.function);
  }
}
