import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import type { OuterStream } from '../kafka-topics.ts';
import type { Encryption } from './encryption.ts';
import { grantPutRecords, grantRead, type KinesisStreamProps, kinesisStream } from './kinesis-stream.ts';
import type { OuterMappingProps, OuterStreams, StreamInput } from './outer-streams.ts';
import { StreamMapping } from './stream-mapping.ts';

/** The outer streams as streams of Kinesis. */
export class KinesisStreams implements OuterStreams {
  readonly connector = 'kinesis';
  /** By the names that they have without the environment's prefix. */
  readonly byName: Readonly<Record<OuterStream, IStream>>;
  private readonly encryption: Encryption;

  /** @param scope where the streams are made */
  constructor(scope: Construct, props: KinesisStreamProps) {
    this.encryption = props.encryption;
    const { shards, lotteryShards } = props.settings;
    const stream = (name: OuterStream, capacity: typeof shards) =>
      kinesisStream(scope, name, capacity, props);
    this.byName = {
      'lottery-events-input': stream('lottery-events-input', lotteryShards),
      'user-events-input': stream('user-events-input', shards),
      'lottery-events-output': stream('lottery-events-output', lotteryShards),
      'user-events-output': stream('user-events-output', shards),
    };
  }

  get names(): Readonly<Record<OuterStream, string>> {
    const { byName } = this;
    return {
      'lottery-events-input': byName['lottery-events-input'].streamName,
      'user-events-input': byName['user-events-input'].streamName,
      'lottery-events-output': byName['lottery-events-output'].streamName,
      'user-events-output': byName['user-events-output'].streamName,
    };
  }

  get outputs(): Readonly<Record<string, string>> {
    const { names } = this;
    return {
      LotteryEventsInputStreamName: names['lottery-events-input'],
      UserEventsInputStreamName: names['user-events-input'],
      LotteryEventsOutputStreamName: names['lottery-events-output'],
      UserEventsOutputStreamName: names['user-events-output'],
    };
  }

  variables(): Readonly<Record<string, string>> {
    return {};
  }

  network(): undefined {
    return undefined;
  }

  input(scope: Construct, id: string, stream: OuterStream, props: OuterMappingProps): StreamInput {
    const { encryption } = this;
    return new StreamMapping(scope, id, { ...props, encryption, stream: this.byName[stream] });
  }

  grantPut(grantee: IGrantable, stream: OuterStream): void {
    grantPutRecords(grantee, this.byName[stream], this.encryption);
  }

  grantListShards(grantee: IGrantable, streams: readonly OuterStream[]): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:ListShards'],
      resourceArns: streams.map((stream) => this.byName[stream].streamArn),
    });
  }

  grantFollow(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:DescribeStreamSummary'],
      resourceArns: this.arns('lottery-events-output', 'user-events-output'),
    });
    grantRead(grantee, Object.values(this.byName), this.encryption);
  }

  grantPutInputs(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:PutRecords'],
      resourceArns: this.arns('lottery-events-input', 'user-events-input'),
    });
    this.encryption.grantEncrypt(grantee);
  }

  private arns(...streams: readonly OuterStream[]): string[] {
    return streams.map((stream) => this.byName[stream].streamArn);
  }
}
