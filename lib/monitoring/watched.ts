import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../../lambda/contract/variables.ts';
import type { StreamMapping } from '../constructs/stream-mapping.ts';
import type { Streams } from '../constructs/streams.ts';
import type { Tables } from '../constructs/tables.ts';
import type { TicksQueue } from '../constructs/ticks-queue.ts';
import type { Settings } from '../settings.ts';
import type { AlarmKind } from './alarm-kinds.ts';
import type { OwnMetrics } from './own-metrics.ts';

/** A stream that a function reads, and how. */
export interface WatchedInput {
  /** The stream's name without the environment's prefix. */
  readonly name: string;
  readonly stream: IStream;
  readonly mapping: EventSourceMapping;
  /** How long the mapping may wait to fill a batch, s. */
  readonly batchingSeconds: number;
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

/** @param name of the stream, without the environment's prefix */
export function watchedInput(
  name: string,
  { stream, mapping, batchingSeconds }: StreamMapping,
): WatchedInput {
  return { name, stream, mapping, batchingSeconds };
}
