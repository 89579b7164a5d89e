import { createHash } from 'node:crypto';
import { timeOf } from '../oracle/time.ts';
import { ofType } from './events.ts';
import type { Block, DrawItem, Evidence } from './evidence.ts';
import { rootOfEntries } from './merkle.ts';
import { ancestorsIn } from './order.ts';
import { objectOfRef, rootOfRef } from './refs.ts';

/**
 * The blocks that a draw was made of hold its entries: those of all its receipts, but for what was refunded, and no
 * others. Nothing that could have been drawn is open still.
 */
export function blocksHoldTheEntries(evidence: Evidence): string[] {
  const { draws, blocks } = evidence;
  const expected = entriesByDraw(evidence);
  return [
    ...[...blocks].flatMap(([name, block]) => wrongName(name, block)),
    ...draws.flatMap((draw) =>
      wrongWithBlocks(draw, evidence, expected.get(draw.drawId) ?? new Map()).map(
        (what) => `draw ${draw.drawId}: ${what}`,
      ),
    ),
    ...stillOpen(evidence),
  ];
}

/**
 * Draws that are due, and wait still. One that was made is open again for a moment where its entries were delivered once
 * more, until its tick has come again.
 */
export function stillOpen(evidence: Evidence): string[] {
  const isDue = dueIn(evidence);
  return evidence.open.flatMap(({ drawId, draws }) =>
    Object.entries(draws)
      .filter(([, { dueAt }]) => isDue(dueAt))
      .map(([draw]) => `draw ${draw} is due, and in ${drawId} still`),
  );
}

/** An object is named by what is in it, so that whoever writes it again changes nothing. */
function wrongName(name: string, block: Block): string[] {
  const digest = createHash('sha256').update(JSON.stringify(block)).digest('hex');
  return digest === name ? [] : [`block ${name} is not what its name says`];
}

/** By entry: its user. */
type Entries = ReadonlyMap<string, string>;

function entriesByDraw({ outputs }: Evidence): ReadonlyMap<string, Entries> {
  const all = new Map<string, Map<string, string>>();
  for (const { drawId, entryId, userId } of ofType(outputs.user, 'ClickAcceptedEvent'))
    all.set(drawId, (all.get(drawId) ?? new Map()).set(entryId, String(userId)));
  for (const { drawId, entryId } of ofType(outputs.user, 'CouponRefundedEvent'))
    all.get(drawId)?.delete(entryId);
  return all;
}

function wrongWithBlocks(draw: DrawItem, { blocks }: Evidence, expected: Entries): string[] {
  const wrong: string[] = [];
  const held = new Map<string, string>();
  for (const ref of draw.blocks) {
    const name = objectOfRef(ref);
    const block = blocks.get(name);
    if (block === undefined) {
      wrong.push(`its block ${name} is not in the bucket`);
      continue;
    }
    const entries = entriesIn(block, draw.drawId);
    if (entries.length === 0) wrong.push(`its block ${name} has no entry of it`);
    else if (rootOfEntries(draw.drawId, entries) !== rootOfRef(ref))
      wrong.push(`its block ${name} has another root than it was closed with`);
    for (const [entryId, userId] of entries) held.set(entryId, userId);
  }
  const missing = [...expected].filter(([entryId, userId]) => held.get(entryId) !== userId);
  const others = [...held.keys()].filter((entryId) => !expected.has(entryId));
  return [
    ...wrong,
    ...missing.map(([entryId, userId]) => `entry ${entryId} of user ${userId} is in none of its blocks`),
    ...others.map(
      (entryId) => `entry ${entryId} is in its blocks, and has no receipt for it or was refunded`,
    ),
  ];
}

const entriesIn = (block: Block, drawId: string) =>
  Object.hasOwn(block, drawId) ? (block[drawId] ?? []) : [];

/** @returns whether all of the input that a draw waits for, which is what comes before, was there before this was read */
function dueIn({ inputs, parents, settings }: Evidence): (dueAt: number) => boolean {
  const { reached } = timeOf(inputs.user, ancestorsIn(parents.user), settings);
  return (dueAt) => reached(dueAt - 1) + settings.slackMs < settings.until;
}
