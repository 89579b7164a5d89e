import type { AwsAnswer, AwsCall } from '../../../../local/proxy/aws-call.ts';
import type { StreamRecord } from '../../../../local/stream-reader.ts';
import { answerJson } from '../json-service.ts';
import type { Settings } from '../options.ts';
import { putOperations } from './puts.ts';
import { readOperations } from './reads.ts';
import { Streams } from './streams.ts';

/** Kinesis, as far as the system uses it. */
export class Kinesis {
  readonly #streams: Streams;
  readonly #service;

  constructor(settings: Settings) {
    this.#streams = new Streams(settings);
    const { find, operations } = this.#streams;
    this.#service = {
      contentType: 'application/x-amz-json-1.1',
      operations: { ...operations, ...putOperations(find, settings), ...readOperations(find, settings) },
    };
  }

  answer(call: AwsCall): AwsAnswer {
    return answerJson(this.#service, call);
  }

  /** What has not expired of a stream, shard by shard. @throws ServiceError when there is no such stream */
  records(name: string): StreamRecord[] {
    return this.#streams.find({ StreamName: name }).shards.flatMap((shard) =>
      shard.records.map(({ count, data, partitionKey, arrival }) => ({
        ...{ stream: name, shardId: shard.id, partitionKey, arrival },
        sequenceNumber: shard.sequenceNumber(count),
        data: Buffer.from(data, 'base64'),
      })),
    );
  }
}
