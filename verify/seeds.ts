/** Which seed draws: what the winner's event says, or what must be. */
import { type Chain, quicknet } from './beacon.ts';
import { drawSeed, windowSeed } from './hashes.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import type { SheetHeader } from './sheet-text.ts';

/** The chain whose rounds draw a run; 'seed': none; undefined: nothing says which, or nothing says its key. */
export function chainOf({ lotteryId, run, close }: Draw, { starts }: Ledger): Chain | 'seed' | undefined {
  const start = starts.get(runLabel({ lotteryId, run }));
  if (start?.beacon === 'seed') return 'seed';
  const name = start?.beacon?.chainHash ?? close?.chainHash;
  return name === quicknet.chainHash ? quicknet : start?.beacon;
}

/**
 * What the window's seed must be, from the lottery's seed. Nothing where that is not revealed, or is not the one that was
 * promised and does not give the winner's either: that seed is to blame, once, and not every draw that it does not fit.
 */
export function derivedSeed(draw: Draw, { ends, findings }: Ledger): string | undefined {
  const run = runLabel(draw);
  const end = ends.get(run);
  if (end === undefined) return undefined;
  const derived = windowSeed(end.seed, draw.lotteryId, draw.windowStart);
  const { winner } = draw;
  const isBlamed = findings.failures.has(run) && winner !== undefined && winner.windowSeed !== derived;
  return isBlamed ? undefined : derived;
}

/** What draws; undefined where the file does not say all of it. @param header of a sheet, where no winner's event is */
export function drawSeedOf(draw: Draw, ledger: Ledger, header?: SheetHeader): string | undefined {
  const { winner } = draw;
  const seed = derivedSeed(draw, ledger) ?? (winner ?? header)?.windowSeed;
  if (seed === undefined) return undefined;
  const signature = (winner ?? header)?.beaconSignature;
  const chain = chainOf(draw, ledger);
  if (signature === undefined && chain !== undefined && chain !== 'seed') return undefined;
  return drawSeed(seed, chain === 'seed' ? undefined : signature);
}
