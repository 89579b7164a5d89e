import type { OpenDraw } from '../../core/draw-state.ts';

/**
 * Blocks of the draws that are made together, where they are more than one: after an outage a run may have thousands, the
 * entries of each are in memory, and what is done is done when the time is out.
 */
const blocksAtATime = 32;

/** The earliest first. */
export function inPieces(draws: readonly OpenDraw[]): OpenDraw[][] {
  const pieces: OpenDraw[][] = [];
  let blocks = 0;
  for (const draw of draws.toSorted((left, right) => left.windowStart - right.windowStart)) {
    const piece = pieces.at(-1);
    // Nobody knows how many there are in a list: such a draw stands alone.
    const own = draw.lists === undefined ? draw.blocks.length : blocksAtATime;
    blocks += own;
    if (piece !== undefined && blocks <= blocksAtATime) {
      piece.push(draw);
      continue;
    }
    pieces.push([draw]);
    blocks = own;
  }
  return pieces;
}
