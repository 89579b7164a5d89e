/** The checks of what fixed a draw before anybody could know its priorities: close, round and beacon. */
import { type Beacons, type Chain, quicknet, roundOf } from './beacon.ts';
import type { Close, Winner } from './events.ts';
import { seedCommitment } from './hashes.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import { chainOf, derivedSeed } from './seeds.ts';
import { sheetOf } from './sheets.ts';

/** What the start of a run says of its randomness and its receipts. */
export function checkPromises(run: string, { starts, findings }: Ledger): void {
  const start = starts.get(run);
  if (start === undefined) return;
  const { beacon, receiptKey } = start;
  if (receiptKey === undefined)
    findings.note('no receiptKey in the start: signatures of receipts are not checked', run);
  if (beacon === undefined)
    findings.note('neither beacon nor randomness in the start: it may have no beacon', run);
  else if (beacon === 'seed')
    findings.note('no beacon (randomness: seed): whoever knows the seed knows the winners', run);
  else if (beacon.chainHash !== quicknet.chainHash)
    findings.note('not a public chain: whoever runs it knows its rounds', run);
  else if (!isQuicknet(beacon))
    findings.failNext(
      run,
      'its beacon is named quicknet, and has not the key, genesis and period of quicknet',
    );
}

function isQuicknet({ publicKey, genesisSeconds, periodSeconds }: Chain): boolean {
  return (
    publicKey === quicknet.publicKey &&
    genesisSeconds === quicknet.genesisSeconds &&
    periodSeconds === quicknet.periodSeconds
  );
}

/** What fixed a draw, and where that stands: in its close, or for want of one in the first line of its sheet. */
type Closing = Pick<Close, 'windowRoot' | 'commitment' | 'closedAt' | 'windowEnd' | 'round' | 'chainHash'> & {
  readonly by: 'close' | 'sheet';
};

function closingOf(draw: Draw): Closing | undefined {
  if (draw.close !== undefined) return { ...draw.close, by: 'close' };
  const header = sheetOf(draw)?.header;
  return header && { ...header, commitment: header.windowSeedCommitment, by: 'sheet' };
}

export function checkClose(draw: Draw, ledger: Ledger): void {
  const { winner } = draw;
  const closing = closingOf(draw);
  if (closing !== undefined) {
    checkCommitment(draw, closing, ledger);
    checkRound(draw, closing, ledger);
  }
  if (winner === undefined) return;
  if (closing === undefined) checkEarliest(winner, ledger);
  else checkDrawnFrom(winner, closing, ledger);
  checkNames(winner, ledger);
  if (draw.close === undefined) checkUnclosed(draw, ledger);
}

function checkCommitment(draw: Draw, { commitment, by }: Closing, ledger: Ledger): void {
  const seed = derivedSeed(draw, ledger) ?? draw.winner?.windowSeed;
  if (seed !== undefined && seedCommitment(seed) !== commitment)
    ledger.findings.failNext(draw.drawId, `windowSeed does not fit the windowSeedCommitment of its ${by}`);
}

function checkDrawnFrom({ windowRoot, round, draw }: Winner, closing: Closing, { findings }: Ledger): void {
  if (closing.by === 'close' && windowRoot !== undefined && windowRoot !== closing.windowRoot)
    findings.failNext(
      draw.drawId,
      `the winner is drawn from windowRoot ${windowRoot}, and ${closing.windowRoot} was closed`,
    );
  if (round !== closing.round)
    findings.failNext(
      draw.drawId,
      `the winner is drawn by ${roundName(round)}, and its ${closing.by} names ${roundName(closing.round)}`,
    );
}

/** With a beacon every draw is closed before its round, and before the end of its run. */
function checkUnclosed({ drawId, ...draw }: Draw, { findings, starts, ends, unreadable }: Ledger): void {
  const run = runLabel(draw);
  const beacon = starts.get(run)?.beacon;
  const isPromised = beacon !== undefined && beacon !== 'seed';
  if (isPromised && ends.has(run) && !unreadable.has('DrawClosedEvent'))
    findings.failNext(drawId, 'drawn without a close (DrawClosedEvent), and the lottery has ended');
  else
    findings.note(
      'no close (DrawClosedEvent): whether entries and round were fixed before the beacon is not checked',
      drawId,
    );
}

/** Where nothing says when it was closed: not before its window was over. */
function checkEarliest({ round, draw, windowEnd }: Winner, ledger: Ledger): void {
  const start = ledger.starts.get(runLabel(draw));
  if (start?.beacon === undefined || start.beacon === 'seed' || start.replay || round === undefined) return;
  const first = roundOf(start.beacon, windowEnd + start.graceMs, 0);
  if (round < first)
    ledger.findings.failNext(
      draw.drawId,
      `drawn by round ${round}, and the first one behind its window is round ${first}`,
    );
}

/** Whose run has receipts says what it drew from. */
function checkNames({ windowRoot, sheet, draw }: Winner, { findings, starts }: Ledger): void {
  if (starts.get(runLabel(draw))?.receiptKey === undefined) return;
  if (windowRoot === undefined || sheet === undefined)
    findings.failNext(
      draw.drawId,
      `the winner names no ${windowRoot === undefined ? 'windowRoot' : 'sheet'}, in a run with receipts`,
    );
}

/** The round follows from when the window was over and when the draw was closed. */
function checkRound(draw: Draw, closing: Closing, ledger: Ledger): void {
  const start = ledger.starts.get(runLabel(draw));
  if (start?.beacon === undefined) return;
  const { by, chainHash, closedAt, round, windowEnd } = closing;
  const failNext = (reason: string) => ledger.findings.failNext(draw.drawId, reason);
  const promised = start.beacon === 'seed' ? undefined : start.beacon.chainHash;
  if (chainHash !== promised) {
    failNext(`its ${by} names ${chainName(chainHash)}, and the start of its run ${chainName(promised)}`);
    return;
  }
  const chain = chainOf(draw, ledger);
  if (chain === undefined || chain === 'seed') return;
  const overAt = start.replay ? closedAt : windowEnd + start.graceMs;
  const right = roundOf(chain, overAt, closedAt);
  if (round !== right)
    failNext(`its ${by} names ${roundName(round)}, and by closedAt ${closedAt} it is round ${right}`);
}

/** The beacon's signature is that of the round, by the chain's key. */
export function checkBeacon(draw: Draw, ledger: Ledger, beacons: Beacons): void {
  const { winner, drawId } = draw;
  if (winner === undefined) return;
  const { round, beaconSignature } = winner;
  const failNext = (reason: string) => ledger.findings.failNext(drawId, reason);
  const chain = chainOf(draw, ledger);
  if (chain === undefined) {
    if (round !== undefined)
      ledger.findings.note('no start, and not quicknet: the beacon is not checked', drawId);
  } else if (chain === 'seed') {
    if (round !== undefined) failNext(`drawn by round ${round}, in a run without a beacon`);
  } else if (round === undefined || beaconSignature === undefined) {
    failNext('drawn without a round, in a run with a beacon');
  } else if (!beacons.isOfRound(chain, round, beaconSignature)) {
    failNext(`beaconSignature is not that of round ${round} of ${chainName(chain.chainHash)}`);
  }
}

function roundName(round: number | undefined): string {
  return round === undefined ? 'no round' : `round ${round}`;
}

export function chainName(chainHash: string | undefined): string {
  if (chainHash === undefined) return 'no beacon';
  return chainHash === quicknet.chainHash ? 'quicknet' : `chain ${chainHash.slice(0, 8)}`;
}
