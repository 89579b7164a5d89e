import { z } from 'zod';
import type { AwsCall } from '../proxy/aws-call.ts';

/** As requests name a stream. */
export const streamNamed = z.looseObject({
  StreamName: z.string().nullish(),
  StreamARN: z.string().nullish(),
});

/** @returns the empty name when there is none */
export function streamOf(input: unknown): string {
  const { StreamName, StreamARN } = streamNamed.safeParse(input).data ?? {};
  return StreamName ?? StreamARN?.slice(StreamARN.lastIndexOf('/') + 1) ?? '';
}

/** A shard has one name, though the engine knows it by others (`0`, `shardId-0`). */
export function shardNamed(shardId: string): string {
  const number = shardId.split('-')[1] || shardId;
  return /^\d+$/.test(number) ? `shardId-${number.replace(/^0+/, '').padStart(12, '0')}` : shardId;
}

/** @returns undefined when it is no JSON: the engine refuses it, or reads it in its own way (CBOR) */
export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function withBody(call: AwsCall, input: object): AwsCall {
  return { ...call, body: Buffer.from(JSON.stringify(input)) };
}
