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
    const { settings, streams, tables, ticks } = props;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'draw',
      description: 'Merges entries into draws, stores and announces the winners',
      timeoutSeconds: settings.timeoutSeconds,
      variables: {
        LOTTERIES_TABLE: tables.lotteries.tableName,
        SEEDS_TABLE: tables.seeds.tableName,
        DRAWS_TABLE: tables.draws.tableName,
        LOTTERY_EVENTS_OUTPUT_STREAM: streams.lotteryEventsOutput.streamName,
        USER_EVENTS_OUTPUT_STREAM: streams.userEventsOutput.streamName,
        USER_EVENTS_INPUT_STREAM: streams.userEventsInput.streamName,
        ENTRIES_STREAM: streams.entries.streamName,
        TICKS_QUEUE_URL: ticks.queue.queueUrl,
        WINDOW_SECONDS: String(settings.windowSeconds),
        GRACE_SECONDS: String(settings.graceSeconds),
      },
    });
    this.input = new StreamMapping(this, 'Input', {
      ...props,
      stream: streams.entries,
      target: this.handler.function,
      batchSize: settings.drawBatchSize,
      batchingSeconds: settings.drawBatchingSeconds,
      // The state of a tumbling window is one per shard: two batches at a time would have two of them.
      parallelizationFactor: 1,
      tumblingWindowSeconds: settings.windowSeconds,
    });
    this.grantAll(props);
  }

  private grantAll({ streams, tables, ticks }: ProcessorProps): void {
    tables.grantEndLotteries(this.handler.function);
    tables.grantReadSeeds(this.handler.function);
    tables.grantDraw(this.handler.function);
    streams.grantPublishLotteryEvents(this.handler.function);
    streams.grantPublishUserEvents(this.handler.function);
    streams.grantPublishRefunds(this.handler.function);
    streams.grantPublishEntries(this.handler.function);
    ticks.grantSend(this.handler.function);
  }
}
