import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  type IStream,
  Stream,
  StreamEncryption,
  StreamMode,
  type StreamProps,
} from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { removalPolicy } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { Encryption } from './encryption.ts';

export interface StreamsProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/** What a mapping does with a stream that it polls; ListStreams and enhanced fan-out are not among it. */
const readActions = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];

/** The five streams and who may put or read what. */
export class Streams extends Construct {
  readonly lotteryEventsInput: IStream;
  readonly userEventsInput: IStream;
  readonly entries: IStream;
  readonly lotteryEventsOutput: IStream;
  readonly userEventsOutput: IStream;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: StreamsProps) {
    super(scope, id);
    this.encryption = props.encryption;
    const { shards, lotteryShards } = props.settings;
    this.lotteryEventsInput = this.stream('lottery-events-input', lotteryShards, props);
    this.userEventsInput = this.stream('user-events-input', shards, props);
    this.entries = this.stream('entries', shards, props);
    this.lotteryEventsOutput = this.stream('lottery-events-output', lotteryShards, props);
    this.userEventsOutput = this.stream('user-events-output', shards, props);
  }

  /** Every stream, by the name that it has without the environment's prefix. */
  get byName(): Readonly<Record<string, IStream>> {
    return {
      ...this.inputs,
      entries: this.entries,
      'lottery-events-output': this.lotteryEventsOutput,
      'user-events-output': this.userEventsOutput,
    };
  }

  /** Those of them that producers put their events on. */
  get inputs(): Readonly<Record<string, IStream>> {
    return {
      'lottery-events-input': this.lotteryEventsInput,
      'user-events-input': this.userEventsInput,
    };
  }

  /** Lets a function's mapping poll the stream. */
  grantPoll(grantee: IGrantable, stream: IStream): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: readActions,
      resourceArns: [stream.streamArn],
    }).combine(this.encryption.grantDecrypt(grantee));
  }

  grantPublishEntries(grantee: IGrantable): Grant {
    return this.grantPut(grantee, this.entries);
  }

  grantPublishLotteryEvents(grantee: IGrantable): Grant {
    return this.grantPut(grantee, this.lotteryEventsOutput);
  }

  grantPublishUserEvents(grantee: IGrantable): Grant {
    return this.grantPut(grantee, this.userEventsOutput);
  }

  /** See which shards a shard of clicks came from: in a replay its clock begins where theirs end. */
  grantListUserShards(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:ListShards'],
      resourceArns: [this.userEventsInput.streamArn],
    });
  }

  /** See which shards starts, stops and clicks come by: all of them have to be complete before a draw is. */
  grantListInputShards(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:ListShards'],
      resourceArns: [this.lotteryEventsInput.streamArn, this.userEventsInput.streamArn],
    });
  }

  /** Heartbeats, so that a shard without events says how far it is, come between the events. */
  grantPublishHeartbeats(grantee: IGrantable): Grant {
    return this.grantPut(grantee, this.lotteryEventsInput).combine(
      this.grantPut(grantee, this.userEventsInput),
    );
  }

  /** Refunds go the way of every other change of a balance: through the users' input. */
  grantPublishRefunds(grantee: IGrantable): Grant {
    return this.grantPut(grantee, this.userEventsInput);
  }

  /**
   * Read what comes out, and for how long that is kept; what has waited how long on the inputs, and the partial draws that
   * are under way. For people (access-policies.ts).
   */
  grantFollow(grantee: IGrantable): Grant {
    const outputs = [this.lotteryEventsOutput, this.userEventsOutput];
    return Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:DescribeStreamSummary'],
      resourceArns: outputs.map(({ streamArn }) => streamArn),
    })
      .combine(
        Grant.addToPrincipal({
          grantee,
          actions: ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
          resourceArns: Object.values(this.byName).map(({ streamArn }) => streamArn),
        }),
      )
      .combine(this.encryption.grantDecrypt(grantee));
  }

  /** Start and stop lotteries, sell, click and grant, as producers do. For people (access-policies.ts). */
  grantPutInputs(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:PutRecords'],
      resourceArns: [this.lotteryEventsInput.streamArn, this.userEventsInput.streamArn],
    }).combine(this.encryption.grantEncrypt(grantee));
  }

  private grantPut(grantee: IGrantable, stream: IStream): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:PutRecords'],
      resourceArns: [stream.streamArn],
    }).combine(this.encryption.grantEncrypt(grantee));
  }

  private stream(name: string, shards: Settings['shards'], props: StreamsProps): Stream {
    return new Stream(this, name, {
      streamName: `${props.environment}-${name}`,
      ...(shards === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: shards }),
      retentionPeriod: Duration.hours(props.settings.retentionHours),
      ...streamEncryption(props.encryption),
      removalPolicy: removalPolicy(props.settings),
    });
  }
}

/** Said outright also without a key: CDK's default is a condition on the region in the template. */
function streamEncryption({ key }: Encryption): Pick<StreamProps, 'encryption' | 'encryptionKey'> {
  if (key === undefined) return { encryption: StreamEncryption.MANAGED };
  return { encryption: StreamEncryption.KMS, encryptionKey: key };
}
