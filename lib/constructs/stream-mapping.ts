import { Duration } from 'aws-cdk-lib';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, type IFunction, MetricType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import type { Encryption } from './encryption.ts';
import { grantPollStream } from './kinesis-stream.ts';
import type { StreamInput } from './outer-streams.ts';
import { startingPosition } from './starting-position.ts';

export interface StreamMappingProps {
  readonly settings: Settings;
  readonly encryption: Encryption;
  readonly stream: IStream;
  readonly target: IFunction;
  readonly artifacts: ArtifactsBucket;
  /** Most records of a batch. */
  readonly batchSize: number;
  /** How long to wait for a batch to fill. */
  readonly batchingSeconds: number;
  readonly tumblingWindowSeconds?: number;
}

/**
 * A Kinesis event source mapping and the rights that it needs. CDK's KinesisEventSource would grant more:
 * listing all streams, enhanced fan-out, reading and deleting what is in the bucket.
 *
 * Retries and record age stay at Lambda's default, without limit: a batch that fails makes its shard wait
 * and is never dropped by Lambda; what outlives the stream's retention is gone, so that has an alarm. The bucket
 * is for a mapping whose retries or record age somebody limited, by hand, to get past a batch.
 *
 * Every mapping bisects, the draw's too. No record can make a batch fail, so halving does not look for a
 * bad record: it makes a batch that is too big for the time-out, after an outage say, into two that fit.
 * A failed invocation has left no state behind, and a half is to the draw a batch like any other.
 *
 * One batch of a shard at a time, and that is no setting: a watermark says that all before it has been read, which rests
 * on the order within the shard, and the state of a tumbling window is one per shard. More shards are what makes it faster.
 */
export class StreamMapping extends Construct implements StreamInput {
  readonly mapping: EventSourceMapping;
  readonly batchingSeconds: number;
  readonly countsRecords = true;

  constructor(scope: Construct, id: string, props: StreamMappingProps) {
    super(scope, id);
    this.batchingSeconds = props.batchingSeconds;
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: props.target,
      eventSourceArn: props.stream.streamArn,
      ...startingPosition(props.settings),
      batchSize: props.batchSize,
      maxBatchingWindow: Duration.seconds(props.batchingSeconds),
      parallelizationFactor: 1,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      onFailure: props.artifacts.onFailure,
      supportS3OnFailureDestination: true,
      // Records given up are only counted on request.
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
      ...(props.tumblingWindowSeconds !== undefined && {
        tumblingWindow: Duration.seconds(props.tumblingWindowSeconds),
      }),
    });
    // Lambda tries the role when the mapping is made: the policy has to be there first.
    this.mapping.node.addDependency(
      grantPollStream(props.target, props.stream, props.encryption),
      props.artifacts.grantFailedBatches(props.target),
    );
  }
}
