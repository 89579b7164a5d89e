import { verify } from '../../verify/verify.ts';
import { everyPutIsThere, nothingWasGivenUp } from './events.ts';
import type { Evidence } from './evidence.ts';
import { judge } from './judge.ts';
import { tablesHoldWhatWasAnnounced } from './tables.ts';

/**
 * The invariants of the whole system, from the tables, the streams and the bucket alone: what the oracle says of inputs
 * and outputs, whether the tables hold what was announced, and what the offline verifier finds (`npm run verify`).
 * Oracle and verifier share no code with what they judge.
 * @returns the violations, in words
 */
export async function audit(evidence: Evidence): Promise<string[]> {
  const { inputs: records, parents, settings, published, users } = evidence;
  return [
    ...everyPutIsThere(evidence),
    ...judge({ records, parents }, settings, published, users),
    ...tablesHoldWhatWasAnnounced(evidence),
    ...nothingWasGivenUp(evidence),
    ...(await verifierAgrees(evidence)),
  ];
}

async function verifierAgrees({ published }: Evidence): Promise<string[]> {
  const report = await verify([...published.lottery, ...published.user].map(({ text }) => text));
  if (report.failures === 0) return [];
  return report.text
    .filter((line) => line.startsWith('FAIL') || line.startsWith(' '))
    .map((line) => `verifier: ${line}`);
}
