/** The checks of what fixed a draw before anybody could know its priorities: close, round and beacon. */
import { type Beacons, type Chain, quicknet, roundOf } from './beacon.ts';
import { seedCommitment } from './hashes.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import { chainOf, derivedSeed } from './seeds.ts';

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

export function checkClose(draw: Draw, ledger: Ledger): void {
  const { findings } = ledger;
  const { close, winner } = draw;
  if (close === undefined) {
    if (winner)
      findings.note(
        'no close (DrawClosedEvent): whether entries and round were fixed before the beacon is not checked',
        draw.drawId,
      );
    return;
  }
  const failNext = (reason: string) => findings.failNext(draw.drawId, reason);
  const seed = derivedSeed(draw, ledger) ?? winner?.windowSeed;
  if (seed !== undefined && seedCommitment(seed) !== close.commitment)
    failNext('windowSeed does not fit the windowSeedCommitment of its close');
  checkRound(draw, ledger);
  if (winner === undefined) return;
  if (winner.windowRoot !== undefined && winner.windowRoot !== close.windowRoot)
    failNext(`the winner is drawn from windowRoot ${winner.windowRoot}, and ${close.windowRoot} was closed`);
  if (winner.round !== close.round)
    failNext(
      `the winner is drawn by ${roundName(winner.round)}, and its close names ${roundName(close.round)}`,
    );
}

/** The round follows from when the window was over and when the draw was closed. */
function checkRound(draw: Draw, ledger: Ledger): void {
  const { close } = draw;
  const start = ledger.starts.get(runLabel(draw));
  if (close === undefined || start?.beacon === undefined) return;
  const failNext = (reason: string) => ledger.findings.failNext(draw.drawId, reason);
  const promised = start.beacon === 'seed' ? undefined : start.beacon.chainHash;
  if (close.chainHash !== promised) {
    failNext(
      `its close names ${chainName(close.chainHash)}, and the start of its run ${chainName(promised)}`,
    );
    return;
  }
  const chain = chainOf(draw, ledger);
  if (chain === undefined || chain === 'seed') return;
  const overAt = start.replay ? close.closedAt : close.windowEnd + start.graceMs;
  const right = roundOf(chain, overAt, close.closedAt);
  if (close.round !== right)
    failNext(
      `its close names ${roundName(close.round)}, and by closedAt ${close.closedAt} it is round ${right}`,
    );
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
