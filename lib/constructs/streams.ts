import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { OuterStream } from '../kafka-topics.ts';
import type { Encryption } from './encryption.ts';
import { KafkaTopics } from './kafka-topics.ts';
import { grantPutRecords, grantRead, type KinesisStreamProps, kinesisStream } from './kinesis-stream.ts';
import { KinesisStreams } from './kinesis-streams.ts';
import type { OuterStreams } from './outer-streams.ts';

/** The outer streams, whatever they are, and the one between the functions. */
export class Streams extends Construct {
  readonly outer: OuterStreams;
  readonly entries: IStream;
  private readonly own: KinesisStreams | undefined;
  private readonly encryption: Encryption;
  private readonly aggregates: boolean;

  constructor(scope: Construct, id: string, props: KinesisStreamProps) {
    super(scope, id);
    this.encryption = props.encryption;
    this.aggregates = props.settings.aggregateOutputs === 'on';
    this.own = props.settings.connector === 'kinesis' ? new KinesisStreams(this, props) : undefined;
    this.outer = this.own ?? new KafkaTopics(props);
    this.entries = kinesisStream(this, 'entries', props.settings.shards, props);
  }

  /** Every stream of Kinesis, by the name that it has without the environment's prefix. */
  get byName(): Readonly<Record<string, IStream>> {
    return { ...this.own?.byName, entries: this.entries };
  }

  /** Those of them that producers put their events on. */
  get inputs(): Readonly<Record<string, IStream>> {
    return Object.fromEntries(Object.entries(this.byName).filter(([name]) => name.endsWith('-input')));
  }

  grantPublishEntries(grantee: IGrantable): Grant {
    return grantPutRecords(grantee, this.entries, this.encryption);
  }

  grantPublishLotteryEvents(grantee: IGrantable): void {
    this.grantPublish(grantee, 'lottery-events-output');
  }

  grantPublishUserEvents(grantee: IGrantable): void {
    this.grantPublish(grantee, 'user-events-output');
  }

  /** Who puts many events in one record sees which shard they belong to. */
  private grantPublish(grantee: IGrantable, output: OuterStream): void {
    this.outer.grantPut(grantee, output);
    if (this.aggregates) this.outer.grantListShards(grantee, [output]);
  }

  /** See which shards a shard of clicks came from: in a replay its clock begins where theirs end. */
  grantListUserShards(grantee: IGrantable): void {
    this.outer.grantListShards(grantee, ['user-events-input']);
  }

  /** See which shards starts, stops and clicks come by: all of them have to be complete before a draw is. */
  grantListInputShards(grantee: IGrantable): void {
    this.outer.grantListShards(grantee, ['lottery-events-input', 'user-events-input']);
  }

  /** Heartbeats, so that a shard without events says how far it is, come between the events. */
  grantPublishHeartbeats(grantee: IGrantable): void {
    this.outer.grantPut(grantee, 'lottery-events-input');
    this.outer.grantPut(grantee, 'user-events-input');
  }

  /** Refunds go the way of every other change of a balance: through the users' input. */
  grantPublishRefunds(grantee: IGrantable): void {
    this.outer.grantPut(grantee, 'user-events-input');
  }

  /**
   * Read what comes out, and for how long that is kept; what has waited how long on the inputs, and the partial draws that
   * are under way. For people (access-policies.ts).
   */
  grantFollow(grantee: IGrantable): void {
    this.outer.grantFollow(grantee);
    grantRead(grantee, [this.entries], this.encryption);
  }
}
