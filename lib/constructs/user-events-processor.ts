import { Construct } from 'constructs';
import { LotteryFunction } from './lottery-function.ts';
import type { StreamInput } from './outer-streams.ts';
import type { ProcessorProps } from './processor-props.ts';

/** Sells and spends coupons, and turns accepted clicks into entries. */
export class UserEventsProcessor extends Construct {
  readonly handler: LotteryFunction<'user-events'>;
  readonly input: StreamInput;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { settings, streams, tables, drawsBucket, receiptsKey } = props;
    const { outer } = streams;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'user-events',
      description: 'Sells and spends coupons, turns accepted clicks into entries',
      timeoutSeconds: settings.timeoutSeconds,
      connection: { outer, talk: 'puts' },
      variables: {
        USERS_TABLE: tables.users.tableName,
        LOTTERIES_TABLE: tables.lotteries.tableName,
        REFUNDS_TABLE: tables.refunds.tableName,
        GRANTS_TABLE: tables.grants.tableName,
        WATERMARKS_TABLE: tables.watermarks.tableName,
        DRAWS_BUCKET: drawsBucket.bucket.bucketName,
        RECEIPTS_KEY_ID: receiptsKey.key.keyId,
        USER_EVENTS_INPUT_STREAM: outer.names['user-events-input'],
        USER_EVENTS_OUTPUT_STREAM: outer.names['user-events-output'],
        ENTRIES_STREAM: streams.entries.streamName,
        WINDOW_SECONDS: String(settings.windowSeconds),
        GRACE_SECONDS: String(settings.graceSeconds),
        MARGIN_MILLISECONDS: String(settings.marginMilliseconds),
        CLOCK_TOLERANCE_SECONDS: String(settings.clockToleranceSeconds),
        STREAM_RETENTION_HOURS: String(settings.retentionHours),
        AGGREGATE_OUTPUTS: settings.aggregateOutputs,
      },
    });
    this.input = outer.input(this, 'Input', 'user-events-input', {
      ...props,
      ...{ target: this.handler.function, reader: 'user-events' },
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
