import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { WatchedInput } from './watched.ts';

/** Metrics of the services for which CDK has no method, or none with the dimensions that are emitted. */

const period = Duration.minutes(1);

/** Age of the last record of a batch when its function got it, ms: how far a mapping is behind. */
export function iteratorAge(target: IFunction): Metric {
  return target.metric('IteratorAge', { statistic: 'Maximum', period });
}

/** Metrics that a mapping emits with the group EventCount, by mapping and not by function. */
function ofMapping(mapping: EventSourceMapping, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    statistic: 'Sum',
    period,
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
  });
}

/** Records that Lambda gave up and left in the bucket. */
export function recordsGivenUp(mapping: EventSourceMapping): Metric {
  return ofMapping(mapping, 'OnFailureDestinationDeliveredEventCount');
}

/**
 * 1 in a period in which records came to the stream and its function was not invoked, else 0.
 *
 * A mapping that is off, or may not read, makes no invocation, so it has neither errors nor an iterator age.
 * The period is not shorter than the mapping may wait for a batch: what comes at the end of one period is
 * handed over in the next. So a mapping that reads is at 1 in no two periods in a row.
 */
export function unread({ stream, batchingSeconds }: WatchedInput, target: IFunction): MathExpression {
  const longPeriod = Duration.minutes(Math.max(1, Math.ceil(batchingSeconds / 60)));
  return new MathExpression({
    expression: 'IF(FILL(records, 0) > 0 AND FILL(invocations, 0) < 1, 1, 0)',
    usingMetrics: {
      records: stream.metricIncomingRecords({ statistic: 'Sum', period: longPeriod }),
      invocations: target.metricInvocations({ period: longPeriod }),
    },
    label: 'periods with records and without an invocation',
    period: longPeriod,
  });
}

/** Requests to a table that were refused: reads and writes, by table, of all operations. */
export function tableThrottlesByKind(table: ITable): { reads: Metric; writes: Metric } {
  return {
    reads: table.metric('ReadThrottleEvents', { statistic: 'Sum', period }),
    writes: table.metric('WriteThrottleEvents', { statistic: 'Sum', period }),
  };
}

/** Reads and writes together. */
export function tableThrottles(table: ITable): MathExpression {
  return new MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: { ...tableThrottlesByKind(table) },
    label: 'throttled requests',
    period,
  });
}

/** Records that a stream refused. */
export function streamThrottles(stream: IStream): Metric {
  return stream.metricWriteProvisionedThroughputExceeded({ statistic: 'Sum', period });
}
