import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';

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

/** Records that Lambda gave up without leaving them anywhere. */
export function recordsLost(mapping: EventSourceMapping): Metric {
  return ofMapping(mapping, 'DroppedEventCount');
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
