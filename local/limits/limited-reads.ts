import { z } from 'zod';
import type { AwsAnswer, AwsCall, Guard } from '../proxy/aws-call.ts';
import { Iterators } from './iterators.ts';
import type { LimitedShards } from './limited-shards.ts';
import { parsed, shardNamed, streamNamed, streamOf, withBody } from './requests.ts';
import { BYTES_OF_A_READ, bytesOfBase64 } from './shard-limits.ts';

type Forward = Parameters<Guard>[1];

const getIterator = streamNamed.extend({ ShardId: z.string() });
const iteratorAnswer = z.object({ ShardIterator: z.string() });
const getRecords = z.looseObject({ ShardIterator: z.string() });
const recordsAnswer = z.object({
  Records: z.array(z.object({ Data: z.string() })),
  NextShardIterator: z.string().nullish(),
});

/** Reads, as far as their shards give so much. */
export class LimitedReads {
  readonly #shards: LimitedShards;
  readonly #iterators = new Iterators();

  constructor(shards: LimitedShards) {
    this.#shards = shards;
  }

  async getShardIterator(body: unknown, forward: Forward): Promise<AwsAnswer> {
    const { data: input } = getIterator.safeParse(body);
    if (input === undefined) return forward();
    const place = { stream: streamOf(input), shardId: shardNamed(input.ShardId) };
    const { iterators } = this.#shards.limitsOf(place);
    const { now } = this.#shards;
    if (!iterators.hasRoom(0, now)) {
      return this.#shards.refuse({ operation: 'GetShardIterator', ...place, count: 1 });
    }
    const giveBack = iterators.take(0, now);
    const answer = await forward();
    const { data: given } = iteratorAnswer.safeParse(parsed(answer.body));
    if (given === undefined) giveBack();
    else this.#iterators.add(given.ShardIterator, place, now);
    return answer;
  }

  async getRecords(call: AwsCall, body: unknown, forward: Forward): Promise<AwsAnswer> {
    const { data: input } = getRecords.safeParse(body);
    const place = input && this.#iterators.placeOf(input.ShardIterator);
    if (input === undefined || place === undefined) return forward();
    const { reads, isReadable } = this.#shards.limitsOf(place);
    const { now } = this.#shards;
    if (!isReadable(now)) return this.#shards.refuse({ operation: 'GetRecords', ...place, count: 1 });
    const giveBack = reads.take(0, now);
    const answer = await forward();
    const read = recordsIn(answer);
    if (read === undefined) {
      giveBack();
      return answer;
    }
    const { count, bytes } = fitting(read.Records);
    reads.spend(bytes);
    // The engine gives any number of bytes: where they are too many, it is asked once more for what fits.
    const isWhole = count === read.Records.length;
    const page = isWhole ? answer : await forward(withBody(call, { ...input, Limit: count }));
    const { NextShardIterator: next } = (isWhole ? read : recordsIn(page)) ?? {};
    if (typeof next === 'string') this.#iterators.add(next, place, now);
    return page;
  }
}

function recordsIn({ status, body }: AwsAnswer): z.output<typeof recordsAnswer> | undefined {
  return status === 200 ? recordsAnswer.safeParse(parsed(body)).data : undefined;
}

/** How many of the records one answer holds, at least one, and their bytes. */
function fitting(records: readonly { readonly Data: string }[]): { count: number; bytes: number } {
  let bytes = 0;
  for (const [count, { Data }] of records.entries()) {
    const more = bytes + bytesOfBase64(Data);
    if (count > 0 && more > BYTES_OF_A_READ) return { count, bytes };
    bytes = more;
  }
  return { count: records.length, bytes };
}
