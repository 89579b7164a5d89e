import { verify } from '../../verify/verify.ts';
import {
  everyDrawIsAnnouncedOnce,
  everyEntryEndsSomewhere,
  everyLateEntryIsAnnounced,
  everyRunIsAnnounced,
  everyWinnerIsRight,
} from './draws.ts';
import {
  everyBalanceAddsUp,
  everyEventHasOneOutcome,
  nothingElseIsThere,
  somethingHappened,
} from './events.ts';
import type { Evidence } from './evidence.ts';
import { everyLotteryHistoryIsRight, everyUserHistoryIsRight } from './histories.ts';
import { ledgerOf } from './ledger.ts';
import { everyOutcomeFitsItsEvent } from './outcomes.ts';
import { settlementOf } from './settled.ts';

/**
 * The invariants of the whole system, from the tables, the streams and the bucket alone; test/lambda/protocol checks the
 * same ones on a model in memory. Then the offline verifier, which shares no code with this (`npm run verify`).
 * @returns the violations, in words
 */
export async function audit(evidence: Evidence): Promise<string[]> {
  const ledger = ledgerOf(evidence);
  const settlement = settlementOf(evidence);
  return [
    ...somethingHappened(evidence),
    ...everyEventHasOneOutcome(evidence),
    ...everyOutcomeFitsItsEvent(evidence, settlement),
    ...everyUserHistoryIsRight(evidence, settlement),
    ...everyLotteryHistoryIsRight(settlement),
    ...everyBalanceAddsUp(evidence),
    ...everyDrawIsAnnouncedOnce(evidence, ledger),
    ...everyEntryEndsSomewhere(evidence, ledger),
    ...everyLateEntryIsAnnounced(evidence, ledger),
    ...everyWinnerIsRight(evidence, ledger),
    ...everyRunIsAnnounced(evidence),
    ...nothingElseIsThere(evidence),
    ...(await verifierAgrees(evidence)),
  ];
}

async function verifierAgrees({ outputs }: Evidence): Promise<string[]> {
  const events = [...outputs.lottery, ...outputs.user];
  const report = await verify(events.map((event) => JSON.stringify(event)));
  if (report.failures === 0) return [];
  return report.text
    .filter((line) => line.startsWith('FAIL') || line.startsWith(' '))
    .map((line) => `verifier: ${line}`);
}
