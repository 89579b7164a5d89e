import { Construct } from 'constructs';
import { LotteryFunction } from './lottery-function.ts';
import type { ProcessorProps } from './processor-props.ts';
import { StreamMapping } from './stream-mapping.ts';

/** Sells and spends coupons, and turns accepted clicks into entries. */
export class UserEventsProcessor extends Construct {
  readonly handler: LotteryFunction<'user-events'>;
  readonly input: StreamMapping;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { settings, streams, tables, drawsBucket, receiptsKey } = props;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'user-events',
      description: 'Sells and spends coupons, turns accepted clicks into entries',
      timeoutSeconds: settings.timeoutSeconds,
      variables: {
        USERS_TABLE: tables.users.tableName,
        LOTTERIES_TABLE: tables.lotteries.tableName,
        REFUNDS_TABLE: tables.refunds.tableName,
        GRANTS_TABLE: tables.grants.tableName,
        WATERMARKS_TABLE: tables.watermarks.tableName,
        DRAWS_BUCKET: drawsBucket.bucket.bucketName,
        RECEIPTS_KEY_ID: receiptsKey.key.keyId,
        USER_EVENTS_INPUT_STREAM: streams.userEventsInput.streamName,
        USER_EVENTS_OUTPUT_STREAM: streams.userEventsOutput.streamName,
        ENTRIES_STREAM: streams.entries.streamName,
        WINDOW_SECONDS: String(settings.windowSeconds),
        GRACE_SECONDS: String(settings.graceSeconds),
        MARGIN_MILLISECONDS: String(settings.marginMilliseconds),
        CLOCK_TOLERANCE_SECONDS: String(settings.clockToleranceSeconds),
        STREAM_RETENTION_HOURS: String(settings.retentionHours),
      },
    });
    this.input = new StreamMapping(this, 'Input', {
      ...props,
      stream: streams.userEventsInput,
      target: this.handler.function,
      batchSize: settings.userEventsBatchSize,
      batchingSeconds: settings.userEventsBatchingSeconds,
    });
    tables.grantManageUsers(this.handler.function);
    tables.grantReadLotteries(this.handler.function);
    tables.grantTakeRefunds(this.handler.function);
    tables.grantTakeGrants(this.handler.function);
    tables.grantCarryClocks(this.handler.function);
    drawsBucket.grantKeepBlocks(this.handler.function);
    receiptsKey.grantSign(this.handler.function);
    streams.grantListUserShards(this.handler.function);
    streams.grantPublishUserEvents(this.handler.function);
    streams.grantPublishEntries(this.handler.function);
  }
}
