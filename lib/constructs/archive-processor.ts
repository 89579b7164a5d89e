import { Construct } from 'constructs';
import type { OuterStream } from '../kafka-topics.ts';
import { LotteryFunction } from './lottery-function.ts';
import type { StreamInput } from './outer-streams.ts';
import type { ProcessorProps } from './processor-props.ts';

/** The most that Lambda gives: its payload of 6 MB, or the batching window, ends a batch before. */
const batchSize = 10_000;

/** Keeps what is on the output streams beyond their retention, in the draws bucket. */
export class ArchiveProcessor extends Construct {
  readonly handler: LotteryFunction<'archive'>;
  readonly userOutputs: StreamInput;
  readonly lotteryOutputs: StreamInput;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { settings, drawsBucket } = props;
    const { outer } = props.streams;
    this.handler = new LotteryFunction(this, 'Handler', {
      ...props,
      name: 'archive',
      description: 'Keeps what is on the output streams in the draws bucket',
      timeoutSeconds: settings.timeoutSeconds,
      connection: { outer, talk: 'reads' },
      variables: {
        DRAWS_BUCKET: drawsBucket.bucket.bucketName,
        USER_EVENTS_OUTPUT_STREAM: outer.names['user-events-output'],
        LOTTERY_EVENTS_OUTPUT_STREAM: outer.names['lottery-events-output'],
      },
    });
    this.userOutputs = this.mapping('UserOutputs', 'user-events-output', props);
    this.lotteryOutputs = this.mapping('LotteryOutputs', 'lottery-events-output', props);
    drawsBucket.grantArchive(this.handler.function);
  }

  private mapping(id: string, stream: OuterStream, props: ProcessorProps): StreamInput {
    return props.streams.outer.input(this, id, stream, {
      ...{ ...props, reader: 'archive', batchSize },
      target: this.handler.function,
      batchingSeconds: props.settings.archiveBatchingSeconds,
    });
  }
}
