import { expect } from 'vitest';
import { entriesTree } from '../../../../lambda/core/batch-trees.ts';
import { type Block, blockRef, nameOf } from '../../../../lambda/core/block.ts';
import { entriesRecordSchema, tickMessageSchema } from '../../../../lambda/core/entries-records.ts';
import { type DrawKey, drawIdOf } from '../../../../lambda/core/window.ts';
import { oddIds } from '../../../../proof/simulation/odd-values.ts';
import { oddPartials, oddTickMessages, oddTicks } from '../../../support/odd-values.ts';
import type { OddRun } from './odd-run.ts';

const windowMs = 2_000;
/** Far behind the stop of each lottery that has one. */
const beyondMs = 1_000 * windowMs;

/** No record of the entries stream, and no message of the queue. */
const unreadable = ['{', 'null', '[]', '{"type":"Tick"}', '{"at":0,"dueAt":0}', '['.repeat(9_000)];

/**
 * Puts what only functions put on the entries stream, into the draws bucket and on the ticks queue, with an odd value in one
 * field: draws are made of it, or refunded where they are none of their run. What cannot be read stops nothing, and a
 * block that was changed no draw but its own.
 *
 * @returns the ids of the draws
 */
export async function playOddEntries(run: OddRun): Promise<ReadonlySet<string>> {
  const [forged, ticked, changed] = ['forged', 'ticked', 'changed'].map((lotteryId) =>
    firstOf(run, lotteryId),
  );
  if (!forged || !ticked || !changed) throw new RangeError('Three draws are needed');
  const beyond = oddIds.map((id) => ({
    ...{ lotteryId: String(id), run: 1, windowStart: forged.windowStart + beyondMs },
  }));
  const odd = oddPartialsOf(forged);
  const block = blockOf([forged, ticked, ...beyond, ...odd]);
  await run.putBlock(nameOf(block), block);
  const own = blockOf([changed]);
  await run.putBlock(nameOf(own), block);
  await run.putEntries([
    ...unreadable.map((text) => Buffer.from(text)),
    ...[forged, ticked, ...beyond].map((draw) => partialOf(draw, refOf(draw, block))),
    ...odd.map((partial) => partialOf(partial, partial.block ?? refOf(partial, block), partial.dueAt)),
    partialOf(changed, refOf(changed, own)),
  ]);
  const ticks = [forged, changed, ...beyond, ...odd, ...taken(oddTicks({ ...forged }))].map(tickOf);
  await run.putEntries([...unreadable.map((text) => Buffer.from(text)), ...ticks]);
  const messages = oddTickMessages({ ...forged }).filter(isDue);
  await run.sendTicks([...unreadable, ...messages, { at: 0, dueAt: 0, tick: ticked }]);
  const isDrawn = (draw: DrawKey) => run.told('LotteryWinnerEvent', 'drawId').has(drawIdOf(draw));
  const isEachRefunded = () => {
    const refunded = run.told('CouponRefundedEvent', 'userId');
    return oddIds.every((id) => refunded.has(id));
  };
  await run.until(() => isDrawn(forged) && isDrawn(ticked) && isEachRefunded());
  expect(isDrawn(changed)).toBe(false);
  await run.putBlock(nameOf(own), own);
  await run.putEntries([tickOf(changed)]);
  await run.until(() => isDrawn(changed));
  return new Set([forged, ticked, changed, ...beyond, ...odd].map(drawIdOf));
}

function firstOf(run: OddRun, lotteryId: string): DrawKey {
  const { firstWindowStart: windowStart = 0 } = run.startOf(lotteryId);
  return { lotteryId, run: 1, windowStart };
}

interface OddPartial extends DrawKey {
  readonly dueAt: number;
  /** Where it is an odd one, and is in no bucket. */
  readonly block?: string;
}

/** What of them can be read. Those whose block is nowhere are of windows of their own, which wait for it. */
function oddPartialsOf(base: DrawKey): OddPartial[] {
  const block = blockRef('a'.repeat(64), 'a'.repeat(64));
  const values = oddPartials({ ...base, dueAt: base.windowStart, block });
  return values.flatMap((value, index): OddPartial[] => {
    const { data } = entriesRecordSchema.safeParse(value);
    if (data?.type !== 'PartialDraw') return [];
    const { type, block: given, ...partial } = data;
    if (given === block) return [partial];
    return [{ ...partial, block: given, windowStart: base.windowStart + (1 + index) * windowMs }];
  });
}

/** One that waits for its inputs has those of its batch wait with it, for seconds. */
function isDue(message: object): boolean {
  const { data } = tickMessageSchema.safeParse(message);
  return data !== undefined && data.dueAt <= Date.now();
}

function taken(values: readonly object[]): DrawKey[] {
  return values.flatMap((value) => entriesRecordSchema.safeParse(value).data ?? []);
}

/** An entry in each draw, of a user with the lottery's id. */
function blockOf(draws: readonly DrawKey[]): string {
  const entries = draws.map(
    (draw, index) => [drawIdOf(draw), [[`forged:${index}`, draw.lotteryId]]] as const,
  );
  return JSON.stringify(Object.fromEntries(entries));
}

/** What a partial calls a draw's part of a block. */
function refOf(draw: DrawKey, text: string): string {
  const drawId = drawIdOf(draw);
  const block: Block = JSON.parse(text);
  return blockRef(nameOf(text), entriesTree(drawId, block[drawId] ?? []).root);
}

function partialOf({ lotteryId, run, windowStart }: DrawKey, block: string, dueAt = windowStart) {
  return { type: 'PartialDraw', lotteryId, run, windowStart, dueAt, block };
}

function tickOf({ lotteryId, run, windowStart }: DrawKey) {
  return { type: 'Tick', lotteryId, run, windowStart };
}
