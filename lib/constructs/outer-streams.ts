import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName } from '../../lambda/contract/variables.ts';
import type { OuterStream } from '../kafka-topics.ts';
import type { Settings } from '../settings.ts';
import type { ArtifactsBucket } from './artifacts-bucket.ts';

/** How a function's mapping reads one of them. */
export interface OuterMappingProps {
  readonly settings: Settings;
  readonly target: IFunction;
  /** Its name without the environment's prefix. */
  readonly reader: FunctionName;
  readonly artifacts: ArtifactsBucket;
  /** Most records of a batch. */
  readonly batchSize: number;
  /** How long to wait for a batch to fill, s. */
  readonly batchingSeconds: number;
}

/** A mapping that reads a stream or a topic, and what has to be known to watch it. */
export interface StreamInput {
  readonly mapping: EventSourceMapping;
  readonly batchingSeconds: number;
  /** Whether it tells how many records it polled and gave up. One that does not gives up none. */
  readonly countsRecords: boolean;
}

/** Where in a VPC a function is. */
export interface FunctionNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  grantBeThere(grantee: IGrantable): Grant;
}

/** What a function does with them, beside what a mapping hands to it. */
export type Talk = 'reads' | 'puts';

/**
 * The four outer streams: inputs and outputs. What they are (connector) is known here and in the functions' entry files; who
 * is wired to them asks for no more than this.
 */
export interface OuterStreams {
  readonly connector: Settings['connector'];
  /** By which functions know them: names of streams, or of topics. */
  readonly names: Readonly<Record<OuterStream, string>>;
  /** What is told of them to whoever looks for it, as outputs of the stateful stack. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Variables that a function needs beside the names. */
  variables(talk: Talk): Readonly<Record<string, string>>;
  /** Where a function has to be to reach them, and the right to be there. Undefined: nowhere in particular. */
  network(talk: Talk): FunctionNetwork | undefined;

  /** A mapping of one, with the rights that its function's role needs for it. */
  input(scope: Construct, id: string, stream: OuterStream, props: OuterMappingProps): StreamInput;
  /** Put on one. */
  grantPut(grantee: IGrantable, stream: OuterStream): void;
  /** See which shards, or partitions, one has. */
  grantListShards(grantee: IGrantable, streams: readonly OuterStream[]): void;
  /** Read what comes out, and what waits on the inputs. For people (access-policies.ts). */
  grantFollow(grantee: IGrantable): void;
  /** Start and stop lotteries, sell, click and grant, as producers do. For people (access-policies.ts). */
  grantPutInputs(grantee: IGrantable): void;
}
