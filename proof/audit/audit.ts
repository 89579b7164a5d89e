import { Beacons } from '../../verify/beacon.ts';
import { verify } from '../../verify/verify.ts';
import { archiveHoldsTheOutputs } from './archive.ts';
import { blocksHoldTheEntries } from './blocks.ts';
import { closesAreRight } from './closes.ts';
import { everyPutIsThere, nothingWasGivenUp } from './events.ts';
import type { Evidence } from './evidence.ts';
import { grantsAreRemembered } from './grants.ts';
import { judge } from './judge.ts';
import { provenIn, receiptsProveThemselves } from './receipts.ts';
import { refundsAreRemembered } from './refunds.ts';
import { sheetsAreTheDraws } from './sheets.ts';
import { tablesHoldWhatWasAnnounced } from './tables.ts';

/**
 * The invariants of the whole system, from the tables, the streams and the buckets alone: what the oracle says of inputs
 * and outputs, whether tables and blocks hold what was announced, and what the offline verifier finds (`npm run verify`).
 * Oracle and verifier share no code with what they judge.
 * @returns the violations, in words
 */
export async function audit(evidence: Evidence): Promise<string[]> {
  const { inputs: records, parents, settings, published, users } = evidence;
  const { proven, unproven } = provenIn(evidence);
  return [
    ...everyPutIsThere(evidence),
    ...judge({ records, parents }, settings, published, users),
    ...tablesHoldWhatWasAnnounced(evidence),
    ...refundsAreRemembered(evidence),
    ...grantsAreRemembered(evidence),
    ...blocksHoldTheEntries(evidence),
    ...unproven,
    ...receiptsProveThemselves(evidence, proven),
    ...closesAreRight(evidence, proven),
    ...sheetsAreTheDraws(evidence),
    ...archiveHoldsTheOutputs(evidence),
    ...nothingWasGivenUp(evidence),
    ...(await verifierAgrees(evidence)),
  ];
}

/** Many runs of a simulation have the same rounds. */
const beacons = new Beacons();

async function verifierAgrees({ published, sheets }: Evidence): Promise<string[]> {
  const lines = [...published.lottery, ...published.user].map(({ text }) => text);
  const files = [...sheets].map(([name, text]) => ({ name, chunks: [Buffer.from(text)] }));
  const report = await verify(lines, { sheets: files, beacons });
  if (report.failures === 0) return [];
  return report.text
    .filter((line) => line.startsWith('FAIL') || line.startsWith(' '))
    .map((line) => `verifier: ${line}`);
}
