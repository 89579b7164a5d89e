import { z } from 'zod';
import type { AwsAnswer, AwsCall, Guard } from '../proxy/aws-call.ts';
import type { LimitedShards } from './limited-shards.ts';
import { OpenShards } from './open-shards.ts';
import { parsed, streamNamed, streamOf, withBody } from './requests.ts';
import { BYTES_OF_A_RECORD, bytesOfBase64, RECORDS_OF_A_CALL, THROTTLED } from './shard-limits.ts';

type Forward = Parameters<Guard>[1];

/** What the engine refuses, and the whole call with it, is none here. */
const record = z.looseObject({
  Data: z.string().refine((text) => bytesOfBase64(text) <= BYTES_OF_A_RECORD),
  PartitionKey: z.string().min(1).max(256),
  ExplicitHashKey: z.string().nullish(),
});

type PutRecord = z.output<typeof record>;

const putRecord = streamNamed.extend(record.shape);
const putRecords = streamNamed.extend({ Records: z.array(record).min(1).max(RECORDS_OF_A_CALL) });
const answerSchema = z.object({ Records: z.array(z.looseObject({ ShardId: z.string().nullish() })) });

/** The answer to a call of which nothing is left. */
const nothingPut: AwsAnswer = {
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: Buffer.from('{"Records":[]}'),
};

/** Puts, as far as the shards that they are for have room. What the engine would refuse goes by uncounted. */
export class LimitedPuts {
  readonly #shards: LimitedShards;
  readonly #open = new OpenShards();

  constructor(shards: LimitedShards) {
    this.#shards = shards;
  }

  /** The stream has other shards from now on. */
  resharded(body: unknown): void {
    this.#open.forget(streamOf(body));
  }

  async putRecord(call: AwsCall, body: unknown, forward: Forward): Promise<AwsAnswer> {
    const { data: input } = putRecord.safeParse(body);
    if (input === undefined) return forward();
    const stream = streamOf(input);
    const shardId = await this.#open.shardOf(stream, input, lister(call, forward));
    if (shardId === undefined) return forward();
    const giveBack = this.#take(stream, shardId, input);
    if (giveBack === undefined) {
      return this.#shards.refuse({ operation: 'PutRecord', stream, shardId, count: 1 });
    }
    const answer = await forward();
    if (answer.status !== 200) giveBack();
    return answer;
  }

  /** What a shard has no room for fails; the rest is put. */
  async putRecords(call: AwsCall, body: unknown, forward: Forward): Promise<AwsAnswer> {
    const { data: input } = putRecords.safeParse(body);
    if (input === undefined) return forward();
    const stream = streamOf(input);
    const list = lister(call, forward);
    const shardIds: (string | undefined)[] = [];
    for (const each of input.Records) shardIds.push(await this.#open.shardOf(stream, each, list));
    const { refused, note, giveBack } = this.#refused(stream, input.Records, shardIds);
    const failed = refused.filter(Boolean).length;
    const left = input.Records.filter((_, index) => !refused[index]);
    const sent = failed === 0 ? call : withBody(call, { ...input, Records: left });
    const answer = left.length === 0 ? nothingPut : await forward(sent);
    const { data: put } = answerSchema.safeParse(answer.status === 200 ? parsed(answer.body) : undefined);
    if (put === undefined) {
      giveBack();
      return answer;
    }
    note();
    const places = [...put.Records];
    const Records = refused.map((message) =>
      message === undefined ? places.shift() : { ErrorCode: THROTTLED, ErrorMessage: message },
    );
    // Shards were split or merged meanwhile.
    if (Records.some((each, index) => each && 'ShardId' in each && each.ShardId !== shardIds[index])) {
      this.#open.forget(stream);
    }
    if (failed === 0) return answer;
    return { ...answer, body: Buffer.from(JSON.stringify({ FailedRecordCount: failed, Records })) };
  }

  /**
   * The message for each record that is refused; undefined for the others. A shard that has refused a record refuses the
   * call's others too: so the records of a key stay in their order, which AWS does not promise. `note` tells of them once
   * the engine has taken the rest, `giveBack` is for a call that it has not.
   */
  #refused(stream: string, records: readonly PutRecord[], shardIds: readonly (string | undefined)[]) {
    const counts = new Map<string, number>();
    const taken: (() => void)[] = [];
    const refused = records.map((each, index) => {
      const shardId = shardIds[index];
      if (shardId === undefined) return undefined;
      const before = counts.get(shardId) ?? 0;
      const giveBack = before === 0 ? this.#take(stream, shardId, each) : undefined;
      if (giveBack === undefined) {
        counts.set(shardId, before + 1);
        return this.#shards.messageFor({ stream, shardId });
      }
      taken.push(giveBack);
      return undefined;
    });
    return {
      refused,
      note: () => {
        for (const [shardId, count] of counts) {
          this.#shards.note({ operation: 'PutRecords', stream, shardId, count });
        }
      },
      giveBack: () => {
        for (const each of taken) each();
      },
    };
  }

  /** @returns undefined where there is no room; gives it back otherwise */
  #take(stream: string, shardId: string, { Data, PartitionKey }: PutRecord): (() => void) | undefined {
    const { writes } = this.#shards.limitsOf({ stream, shardId });
    const { now } = this.#shards;
    const bytes = bytesOfBase64(Data) + Buffer.byteLength(PartitionKey);
    return writes.hasRoom(bytes, now) ? writes.take(bytes, now) : undefined;
  }
}

/** Asks the engine in the name of whoever puts. */
function lister(call: AwsCall, forward: Forward) {
  return async (input: object) => {
    const headers = { ...call.headers, 'x-amz-target': 'Kinesis_20131202.ListShards' };
    return parsed((await forward(withBody({ ...call, headers }, input))).body);
  };
}
