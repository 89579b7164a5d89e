import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Random } from '../../local/faults/random.ts';
import { block } from '../audit/evidence.ts';
import { objectsOf } from '../soak/tables.ts';
import type { TakenAway } from './conditions.ts';
import type { OutageOptions } from './outage.ts';

type Block = ReturnType<typeof block.parse>;
type Entries = Block[string];

/** Until a draw has looked for one of them; all may be made by now, ms. */
const MOST_MS = 60_000;
const LOOK_MS = 500;

/** What becomes of a block: its text, or nothing. Whoever reads it must not take it for what was put. */
const changes: Readonly<Record<string, (text: string) => string | undefined>> = {
  'is gone': () => undefined,
  'is cut short': (text) => text.slice(0, text.length / 2),
  'is empty': () => '{}',
  'has an entry less': (text) => withEntries(text, (entries) => entries.slice(1)),
  'has an entry more': (text) => withEntries(text, (entries) => [...entries, [`${MADE_UP}:1`, '1']]),
  'has another order': (text) => withEntries(text, (entries) => entries.toReversed()),
  "has somebody else's entries": (text) =>
    withEntries(text, (entries) => entries.map(([entryId]) => [entryId, '1'])),
};

const MADE_UP = 'shardId-000000000099';

function withEntries(text: string, change: (entries: Entries) => Entries): string {
  const all = block.parse(JSON.parse(text));
  return JSON.stringify(
    Object.fromEntries(Object.entries(all).map(([drawId, entries]) => [drawId, change(entries)])),
  );
}

/** @returns what a block has become, in words, and its text; undefined: it is gone */
export function changed(text: string, random: Random): { how: string; text: string | undefined } {
  const [how, change] = random.pick(Object.entries(changes));
  return { how, text: change(text) };
}

/**
 * Somebody takes blocks away or puts others in their place, and brings them back from a copy (docs/runbook.md, "Put a block back").
 * Draws that name them must wait, though the ticks of their windows come and go meanwhile, and be made in the end: after the
 * last stop no later tick draws them.
 *
 * @param missing how often it was told that a block is missing: the first time that it is does not come at once
 */
export async function takeAway(
  { share, forMs }: TakenAway,
  { runtime, clock, random, trace }: OutageOptions,
  missing: () => number,
): Promise<void> {
  const Bucket = runtime.outputs.DrawsBucketName ?? '';
  const { s3 } = runtime.clients;
  const all = await objectsOf(s3, Bucket);
  const taken = [...all].filter(([key]) => key.startsWith('blocks/') && random.chance(share));
  await Promise.all(
    taken.map(([Key, before]) => {
      const { how, text: Body } = changed(before, random);
      trace(() => `operator: ${Key} ${how}`);
      if (Body === undefined) return s3.send(new DeleteObjectCommand({ Bucket, Key }));
      return s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    }),
  );
  trace(() => `operator: ${taken.length} of ${all.size} objects are away, or others`);
  const before = missing();
  for (let waitedMs = 0; waitedMs < MOST_MS && missing() === before; waitedMs += LOOK_MS)
    await clock.sleep(LOOK_MS);
  await clock.sleep(forMs);
  await Promise.all(taken.map(([Key, Body]) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))));
  trace(() => 'operator: they are back');
}
