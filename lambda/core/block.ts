import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import { BatchTrees, type DrawEntries, entryJson } from './batch-trees.ts';
import { entryIdSchema, innerIdSchema } from './ids.ts';
import type { LotteryRun } from './lottery.ts';
import type { PartialDraw } from './partial-draw.ts';
import { drawIdOf } from './window.ts';

/** An accepted click in a draw: the id of its record (ids.ts), and its user. */
export type Entry = readonly [entryId: string, userId: string];

/**
 * The entries of one batch, by draw, in the order of their stream. It lies in the draws bucket under the SHA-256 of its
 * text: put again it is the same object, and nobody can change it. Two blocks of a batch that was retried may overlap.
 */
export type Block = Readonly<Record<string, readonly Entry[]>>;

const blockSchema = z.record(z.string(), z.array(z.tuple([entryIdSchema, innerIdSchema])));

/** @throws z.ZodError or SyntaxError when the text is no block */
export function parseBlock(text: string): Block {
  return blockSchema.parse(JSON.parse(text));
}

/** @returns undefined where the text is no block: nothing here has put it */
export function blockIn(text: string): Block | undefined {
  try {
    return parseBlock(text);
  } catch {
    return undefined;
  }
}

/** The name of an object by its contents: 64 hexadecimal digits. */
export function nameOf(text: string): string {
  return hash('sha256', text);
}

const nameLength = 64;

const refPattern = /^[0-9a-f]{64}\/[0-9a-f]{64}$/;

/** What a draw knows a block by: the object that it lies in, and the root of the tree of the draw's entries in it. */
export const blockRefSchema = z.string().check(z.regex(refPattern));

/** @param object its name @param root 64 hexadecimal digits, both */
export function blockRef(object: string, root: string): string {
  return `${object}/${root}`;
}

/** The name of the object. @param ref as `blockRefSchema` wants it */
export function objectOf(ref: string): string {
  return ref.slice(0, nameLength);
}

/** The root of the draw's entries in it. @param ref as `blockRefSchema` wants it */
export function rootOf(ref: string): string {
  return ref.slice(nameLength + 1);
}

/** A batch's entries, and what proves each of them. */
export interface CollectedBlock {
  readonly name: string;
  readonly text: string;
  readonly partials: readonly PartialDraw[];
  readonly trees: BatchTrees;
}

interface Collected extends DrawEntries {
  readonly run: LotteryRun;
  readonly windowStart: number;
  readonly entries: string[];
}

/** Collects the accepted clicks of one batch into its block. */
export class BlockCollector {
  readonly #byDraw = new Map<string, Collected>();
  /** The draw of the last click: that of the next one too, but for one in thousands. */
  #last: Collected | undefined;

  /** @returns its place among the entries of its draw, from 0 */
  add(run: LotteryRun, windowStart: number, entry: Entry): number {
    return this.#drawOf(run, windowStart).entries.push(entryJson(entry)) - 1;
  }

  /** The block, and a partial for each of its draws; undefined where no click was accepted. @param marginMs as in `dueAt` */
  finish(marginMs: number): CollectedBlock | undefined {
    if (this.#byDraw.size === 0) return undefined;
    const draws = [...this.#byDraw.values()];
    const text = `{${draws.map(jsonOf).join(',')}}`;
    const name = nameOf(text);
    const trees = new BatchTrees(draws);
    const partials = draws.map(({ run, windowStart, drawId }) => ({
      ...{ lotteryId: run.lotteryId, run: run.run, windowStart },
      dueAt: dueAt(run, windowStart, marginMs),
      block: blockRef(name, trees.rootOf(drawId)),
    }));
    return { name, text, partials, trees };
  }

  #drawOf(run: LotteryRun, windowStart: number): Collected {
    if (this.#last?.run === run && this.#last.windowStart === windowStart) return this.#last;
    const drawId = drawIdOf({ lotteryId: run.lotteryId, run: run.run, windowStart });
    const draw = this.#byDraw.get(drawId) ?? { run, windowStart, drawId, entries: [] };
    this.#byDraw.set(drawId, draw);
    this.#last = draw;
    return draw;
  }
}

function jsonOf({ drawId, entries }: DrawEntries): string {
  return `${JSON.stringify(drawId)}:[[${entries.join(',[')}]`;
}

/**
 * The first watermark at which all that arrived for a window is there: with the last millisecond of its grace another
 * click may still come (`clickWindowStart`).
 * @param marginMs how far arrival stamps of one shard may be out of order
 */
export function dueAt(
  { windowMs, graceMs, replay }: LotteryRun,
  windowStart: number,
  marginMs: number,
): number {
  // In a replay the watermark is the clicks' own time, which never goes back.
  return windowStart + windowMs + graceMs + 1 + (replay ? 0 : marginMs);
}
