import { hash } from 'node:crypto';
import type { ClosedItem, DrawItem, Evidence } from './evidence.ts';
import { objectOfRef, rootOfRef } from './refs.ts';

/** Each draw has the sheet that anybody can write of its blocks, byte by byte, and there are no others. */
export function sheetsAreTheDraws(evidence: Evidence): string[] {
  const { draws, closed, sheets } = evidence;
  const byDraw = new Map(closed.map((item) => [item.drawId, item]));
  const named = new Set(draws.map(({ sheet }) => sheet));
  return [
    ...draws.flatMap((draw) => {
      const close = byDraw.get(draw.drawId);
      const must = close && sheetOf(draw, close, evidence);
      if (must === undefined) return [];
      const text = sheets.get(draw.sheet);
      return [
        ...(draw.sheet === hash('sha256', must) ? [] : [`draw ${draw.drawId}: its sheet has another name`]),
        ...(text === must ? [] : [`draw ${draw.drawId}: its sheet is ${wrongWith(text)}`]),
      ];
    }),
    ...[...sheets.keys()].flatMap((name) => (named.has(name) ? [] : [`sheet ${name} is of no draw`])),
  ];
}

const wrongWith = (text: string | undefined) =>
  text === undefined ? 'not in the bucket' : `not what it was made of: ${text.slice(0, 200)}`;

/** @returns undefined where a block is missing: that is found elsewhere */
function sheetOf(draw: DrawItem, close: ClosedItem, { blocks }: Evidence): string | undefined {
  const { drawId, lotteryId, run, windowStart, windowEnd, windowRoot, windowSeed, winner, prize } = draw;
  const { windowSeedCommitment, closedAt } = close;
  const lines = close.blocks.map((ref) => {
    const entries = blocks.get(objectOfRef(ref))?.[drawId];
    return entries && { root: rootOfRef(ref), entries };
  });
  if (lines.includes(undefined)) return undefined;
  const head = {
    ...{ type: 'DrawSheet', drawId, lotteryId, run, windowStart, windowEnd },
    ...{
      entries: draw.entries,
      blocks: lines.length,
      windowRoot,
      windowSeed,
      windowSeedCommitment,
      closedAt,
    },
    ...{ chainHash: close.beacon?.chain.chainHash, round: draw.beacon?.round },
    ...{ beaconSignature: draw.beacon?.signature, winner, prize },
  };
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}
