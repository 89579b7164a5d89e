import type { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { metricNames } from '../../lambda/contract/metrics.ts';
import type { StreamInput } from '../constructs/outer-streams.ts';
import type { Streams } from '../constructs/streams.ts';
import type { OuterStream } from '../kafka-topics.ts';
import type { OwnMetrics } from './own-metrics.ts';
import { iteratorAge } from './service-metrics.ts';
import type { WatchedFunction, WatchedInput } from './watched.ts';

type Reader = Pick<WatchedFunction, 'name' | 'function'>;

/** What is known of the streams and topics that functions read. */
export class WatchedInputs {
  private readonly streams: Streams;
  private readonly own: OwnMetrics;

  constructor(streams: Streams, own: OwnMetrics) {
    this.streams = streams;
    this.own = own;
  }

  entries({ function: target }: Reader, input: StreamInput): WatchedInput {
    return ofKinesis('entries', this.streams.entries, input, iteratorAge(target));
  }

  outer(name: OuterStream, handler: Reader, input: StreamInput): WatchedInput {
    const { [name]: stream } = this.streams.byName;
    return stream === undefined
      ? this.ofKafka(name, handler, input)
      : ofKinesis(name, stream, input, iteratorAge(handler.function));
  }

  /** A cluster that is not ours tells CloudWatch nothing: what our own functions put is what there is to go by. */
  private ofKafka(name: OuterStream, handler: Reader, input: StreamInput): WatchedInput {
    const puts = this.ownPuts(name);
    return {
      ...part(input),
      ...{ name, kind: 'kafka', age: this.own.inputAge(handler.name) },
      incoming: (period) => puts.with({ period }),
    };
  }

  private ownPuts(name: OuterStream): Metric {
    switch (name) {
      case 'user-events-output':
        return this.own.count('user-events', metricNames.eventsApplied);
      case 'lottery-events-output':
        return this.own.count('draw', metricNames.drawsMade);
      default:
        return this.own.count('ticks', metricNames.heartbeatsPut);
    }
  }
}

function ofKinesis(name: string, stream: IStream, input: StreamInput, age: Metric): WatchedInput {
  return {
    ...part(input),
    ...{ name, kind: 'kinesis', age },
    incoming: (period: Duration) => stream.metricIncomingRecords({ statistic: 'Sum', period }),
  };
}

/** Of a construct, no more than what is watched. */
function part({ mapping, batchingSeconds, countsRecords }: StreamInput): StreamInput {
  return { mapping, batchingSeconds, countsRecords };
}
