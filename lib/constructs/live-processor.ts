import { Construct } from 'constructs';
import type { OuterStream } from '../kafka-topics.ts';
import type { Settings } from '../settings.ts';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import { type EventApi, liveNamespace } from './event-api.ts';
import type { FunctionLogs } from './function-logs.ts';
import type { LiveTable } from './live-table.ts';
import { LotteryFunction } from './lottery-function.ts';
import type { StreamInput } from './outer-streams.ts';
import type { SiteBucket } from './site-bucket.ts';
import type { Streams } from './streams.ts';
import type { Tables } from './tables.ts';

export interface LiveProcessorProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly logs: FunctionLogs;
  readonly streams: Streams;
  readonly tables: Tables;
  readonly artifacts: ArtifactsBucket;
  readonly liveTable: LiveTable;
  readonly siteBucket: SiteBucket;
  readonly eventApi: EventApi;
}

/** Records of a batch: while one is being published, a shard of AWS takes so many in a second. */
const batchSize = 1_000;

/** Counts what both output streams say, and publishes it. */
export class LiveProcessor extends Construct {
  readonly handler: LotteryFunction<'live'>;
  readonly lotteryOutputs: StreamInput;
  readonly userOutputs: StreamInput;

  constructor(scope: Construct, id: string, props: LiveProcessorProps) {
    super(scope, id);
    const { settings, streams, tables, liveTable, siteBucket, eventApi } = props;
    const { outer } = streams;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'live',
      description: 'Publishes what the page shows',
      timeoutSeconds: settings.timeoutSeconds,
      connection: { outer, talk: 'reads' },
      variables: {
        LIVE_TABLE: liveTable.table.tableName,
        LOTTERIES_TABLE: tables.lotteries.tableName,
        SITE_BUCKET: siteBucket.bucket.bucketName,
        EVENT_API_URL: `https://${eventApi.httpHost}/event`,
        EVENT_API_NAMESPACE: liveNamespace,
      },
    });
    const target = this.handler.function;
    this.lotteryOutputs = this.input('LotteryEvents', 'lottery-events-output', props);
    this.userOutputs = this.input('UserEvents', 'user-events-output', props);
    liveTable.grantCount(target);
    tables.grantReadLotteries(target);
    siteBucket.grantPutSnapshots(target);
    eventApi.grantPublish(target);
  }

  private input(id: string, stream: OuterStream, props: LiveProcessorProps): StreamInput {
    const { settings, artifacts, streams } = props;
    return streams.outer.input(this, id, stream, {
      ...{ settings, artifacts, batchSize, batchingSeconds: 0 },
      ...{ target: this.handler.function, reader: 'live' },
    });
  }
}
