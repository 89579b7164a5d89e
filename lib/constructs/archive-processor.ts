import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { LotteryFunction } from './lottery-function.ts';
import type { ProcessorProps } from './processor-props.ts';
import { StreamMapping } from './stream-mapping.ts';

/** The most that Lambda gives: its payload of 6 MB, or the batching window, ends a batch before. */
const batchSize = 10_000;

/** Keeps what is on the output streams beyond their retention, in the draws bucket. */
export class ArchiveProcessor extends Construct {
  readonly handler: LotteryFunction<'archive'>;
  readonly userOutputs: StreamMapping;
  readonly lotteryOutputs: StreamMapping;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { settings, streams, drawsBucket } = props;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'archive',
      description: 'Keeps what is on the output streams in the draws bucket',
      timeoutSeconds: settings.timeoutSeconds,
      variables: {
        DRAWS_BUCKET: drawsBucket.bucket.bucketName,
        USER_EVENTS_OUTPUT_STREAM: streams.userEventsOutput.streamName,
        LOTTERY_EVENTS_OUTPUT_STREAM: streams.lotteryEventsOutput.streamName,
      },
    });
    this.userOutputs = this.mapping('UserOutputs', streams.userEventsOutput, props);
    this.lotteryOutputs = this.mapping('LotteryOutputs', streams.lotteryEventsOutput, props);
    drawsBucket.grantArchive(this.handler.function);
  }

  private mapping(id: string, stream: IStream, props: ProcessorProps): StreamMapping {
    return new StreamMapping(this, id, {
      ...{ ...props, stream, batchSize },
      target: this.handler.function,
      batchingSeconds: props.settings.archiveBatchingSeconds,
    });
  }
}
