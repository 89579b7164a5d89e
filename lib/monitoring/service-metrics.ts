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

/**
 * Records of topics that a function's mappings have not finished; of several topics the largest number. How old they are, Lambda
 * does not say (AWS Compute Blog, "Offset lag metric for Amazon MSK as an event source for Lambda").
 */
export function offsetLag(target: IFunction): Metric {
  return target.metric('OffsetLag', { statistic: 'Maximum', period });
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

/** Records that Lambda gave up and did not leave in the bucket; those that outlived the stream are not counted. */
export function recordsDropped(mapping: EventSourceMapping): Metric {
  return ofMapping(mapping, 'DroppedEventCount');
}

/** Batches that a mapping of the function could not leave in the bucket. */
export function undelivered(target: IFunction): Metric {
  return target.metric('DestinationDeliveryFailures', { statistic: 'Sum', period });
}

/**
 * Invocations that Lambda's loop detection stopped. Not emitted for a function that allows loops (Lambda Developer
 * Guide, "Types of metrics for Lambda functions"), so it shows that the function has lost that setting.
 */
export function loopsStopped(target: IFunction): Metric {
  return target.metric('RecursiveInvocationsDropped', { statistic: 'Sum', period });
}

/**
 * 1 in a period in which records came to the stream and its function was not invoked, else 0.
 *
 * A mapping that is off, or may not read, makes no invocation, so it has neither errors nor an iterator age.
 * The period is not shorter than the mapping may wait for a batch: what comes at the end of one period is
 * handed over in the next. So a mapping that reads is at 1 in no two periods in a row.
 * @param target of which this is the only stream: its other ones' invocations would hide that this one has none
 */
export function unread(input: WatchedInput, target: IFunction): MathExpression {
  return unreadBy(input, (period) => target.metricInvocations({ period }));
}

/** As that, for one of several streams of a function: by the records that its mapping polled. */
export function unpolled(input: WatchedInput): MathExpression {
  return unreadBy(input, (period) => ofMapping(input.mapping, 'PolledEventCount').with({ period }));
}

function unreadBy(
  { incoming, batchingSeconds }: WatchedInput,
  reads: (period: Duration) => Metric,
): MathExpression {
  const longPeriod = Duration.minutes(Math.max(1, Math.ceil(batchingSeconds / 60)));
  return new MathExpression({
    expression: 'IF(FILL(records, 0) > 0 AND FILL(invocations, 0) < 1, 1, 0)',
    usingMetrics: {
      records: incoming(longPeriod),
      invocations: reads(longPeriod),
    },
    label: 'periods with records and without an invocation',
    period: longPeriod,
  });
}

/**
 * What a stream did not take, in per cent: of the calls of PutRecord and of PutRecords, and of the records of the
 * latter. Whatever the reason: Kinesis' own failures, its limits, a key that may not be used. Calls that never reach
 * it, or that may not be made, nobody counts. IncomingRecords has only what was taken, so it is 0 when all fails.
 */
export function failedPuts(stream: IStream): MathExpression {
  return new MathExpression({
    expression: '100 * (3 - FILL(put, 1) - FILL(puts, 1) - FILL(taken, 1) / FILL(sent, 1))',
    usingMetrics: {
      // Each call is 1 or 0, so the average is a share.
      put: stream.metricPutRecordSuccess({ statistic: 'Average', period }),
      puts: stream.metricPutRecordsSuccess({ statistic: 'Average', period }),
      taken: stream.metricPutRecordsSuccessfulRecords({ statistic: 'Sum', period }),
      sent: stream.metricPutRecordsTotalRecords({ statistic: 'Sum', period }),
    },
    label: 'puts that failed (%)',
    period,
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

/** Reads of a stream that were refused. */
export function readThrottles(stream: IStream): Metric {
  return stream.metricReadProvisionedThroughputExceeded({ statistic: 'Sum', period });
}

/** Records that a stream refused. */
export function streamThrottles(stream: IStream): Metric {
  return stream.metricWriteProvisionedThroughputExceeded({ statistic: 'Sum', period });
}
