import type { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../../lambda/contract/variables.ts';
import type { StreamInput } from '../constructs/outer-streams.ts';
import type { Streams } from '../constructs/streams.ts';
import type { Tables } from '../constructs/tables.ts';
import type { TicksQueue } from '../constructs/ticks-queue.ts';
import type { Settings } from '../settings.ts';
import type { AlarmKind } from './alarm-kinds.ts';
import type { OwnMetrics } from './own-metrics.ts';

/** A stream, or a topic, that a function reads, and how. */
export interface WatchedInput extends StreamInput {
  /** The stream's name without the environment's prefix, whatever it is. */
  readonly name: string;
  readonly kind: Settings['connector'];
  /** More than 0 in a period in which records came to it, and only then. */
  readonly incoming: (period: Duration) => Metric;
  /** Age of what the function gets when it gets it, ms: how far it is behind, over all that it reads. */
  readonly age: Metric;
}

/** A function, with the time-out that it has. */
export interface WatchedFunction {
  readonly name: FunctionName;
  readonly function: IFunction;
  readonly timeoutSeconds: number;
  /** The streams that it reads. None: it reads the queue. */
  readonly inputs: readonly WatchedInput[];
  /** Where nobody who plays waits for it: the kind of alarm that says of it what would wake somebody of another one. */
  readonly late?: AlarmKind;
  /** Where nobody needs the records that it gives up or does not reach in time: the kind that says so. */
  readonly lost?: AlarmKind;
}

/** What alarms and dashboard look at. */
export interface Watched {
  readonly settings: Settings;
  readonly own: OwnMetrics;
  readonly functions: readonly WatchedFunction[];
  readonly streams: Streams;
  readonly tables: Tables;
  readonly ticks: TicksQueue;
}
