import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { objectsOf } from '../soak/tables.ts';
import type { TakenAway } from './conditions.ts';
import type { OutageOptions } from './outage.ts';

/**
 * Somebody takes blocks away and brings them back from a copy (docs/runbook.md, "Put a block back"). Draws that name them must wait, though
 * the ticks of their windows come and go meanwhile, and be made in the end: after the last stop no later tick draws them.
 */
export async function takeAway(
  { share, forMs }: TakenAway,
  { runtime, clock, random, trace }: OutageOptions,
): Promise<void> {
  const Bucket = runtime.outputs.DrawsBucketName ?? '';
  const { s3 } = runtime.clients;
  const all = await objectsOf(s3, Bucket);
  const taken = [...all].filter(([key]) => key.startsWith('blocks/') && random.chance(share));
  await Promise.all(taken.map(([Key]) => s3.send(new DeleteObjectCommand({ Bucket, Key }))));
  trace(() => `operator: ${taken.length} of ${all.size} objects are away`);
  await clock.sleep(forMs);
  await Promise.all(taken.map(([Key, Body]) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))));
  trace(() => 'operator: they are back');
}
