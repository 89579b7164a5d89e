import { isDeepStrictEqual } from 'node:util';
import type { OutputEvent } from '../../client/output-events.ts';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import type { Evidence } from './evidence.ts';

/** What is known of something, by its name. */
type Facts = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Draws, late entries and runs are stored as they were announced: whether they were announced rightly, the oracle says. */
export function tablesHoldWhatWasAnnounced(evidence: Evidence): string[] {
  return [
    ...differences('draw', storedDraws(evidence), announcedDraws(evidence)),
    ...differences('late entry', storedLateEntries(evidence), announcedLateEntries(evidence)),
    ...differences('run', storedRuns(evidence), announcedRuns(evidence)),
  ];
}

function differences(what: string, stored: Facts, announced: Facts): string[] {
  return [...new Set([...stored.keys(), ...announced.keys()])].flatMap((name) => {
    const is = stored.get(name);
    const said = announced.get(name);
    if (!is) return [`${what} ${name} was announced, and is not stored`];
    if (!said) return [`${what} ${name} is stored, and was not announced`];
    const different = Object.keys(is).filter((field) => !isDeepStrictEqual(is[field], said[field]));
    return different.map(
      (field) => `${what} ${name}: ${field} is stored as ${is[field]}, and was announced as ${said[field]}`,
    );
  });
}

function storedDraws({ draws }: Evidence): Facts {
  return new Map(draws.map(({ winner, ...draw }) => [draw.drawId, { prize: undefined, ...draw, ...winner }]));
}

function announcedDraws({ outputs }: Evidence): Facts {
  const winners = ofType(outputs.lottery, 'LotteryWinnerEvent');
  const withTexts = ({ userId, lotteryId }: (typeof winners)[number]) => ({
    ...{ userId: String(userId), lotteryId: String(lotteryId) },
  });
  return new Map(winners.map((winner) => [winner.drawId, { ...winner, ...withTexts(winner) }]));
}

const placeOf = (entryId: string, drawId: string) => `${entryId} of ${drawId}`;

function storedLateEntries({ lateEntries }: Evidence): Facts {
  return new Map(
    lateEntries.map(({ entryId, missedDrawId, userId, movedTo }) => [
      placeOf(entryId, missedDrawId),
      { userId, movedTo },
    ]),
  );
}

function announcedLateEntries({ outputs }: Evidence): Facts {
  const moves = ofType(outputs.user, 'EntryMovedEvent').map((move) => ({
    ...move,
    movedTo: move.windowStart,
  }));
  const refunds = ofType(outputs.user, 'CouponRefundedEvent').map((refund) => ({
    ...{ ...refund, fromDrawId: refund.drawId, movedTo: undefined },
  }));
  return new Map(
    [...moves, ...refunds].map(({ entryId, fromDrawId, userId, movedTo }) => [
      placeOf(entryId, fromDrawId),
      { userId: String(userId), movedTo },
    ]),
  );
}

const nameOf = ({ lotteryId, run }: { lotteryId: string | number; run: number }) => `${lotteryId}#${run}`;

/** The current ones and those put away, each with its seed: by what it hashes to, whatever it is stored under. */
function storedRuns({ lotteries, seeds }: Evidence): Facts {
  const byCommitment = new Map(seeds.map(({ seed }) => [seedCommitment(seed), seed]));
  const runs = lotteries.flatMap(({ current }) => (current ? [current] : []));
  return new Map(
    runs.map(({ seedCommitment: commitment, status, prizes, firstWindowStart, ...run }) => [
      nameOf(run),
      {
        ...{ commitment, status, prizes, firstWindowStart, hasSeed: byCommitment.has(commitment) },
        seed: status === 'ended' ? byCommitment.get(commitment) : undefined,
      },
    ]),
  );
}

function announcedRuns({ outputs }: Evidence): Facts {
  const stopped = new Set(ofType(outputs.lottery, 'LotteryStoppedEvent').map(nameOf));
  const ended = new Map(ofType(outputs.lottery, 'LotteryEndedEvent').map((end) => [nameOf(end), end.seed]));
  return new Map(
    ofType(outputs.lottery, 'LotteryStartedEvent').map((start) => {
      const { seedCommitment: commitment, prizes, firstWindowStart } = start;
      const seed = ended.get(nameOf(start));
      const status = seed !== undefined ? 'ended' : stopped.has(nameOf(start)) ? 'stopped' : 'active';
      return [nameOf(start), { commitment, prizes, firstWindowStart, status, seed, hasSeed: true }];
    }),
  );
}

type Of<Type extends OutputEvent['type']> = Extract<OutputEvent, { type: Type }>;

function ofType<Type extends OutputEvent['type']>(events: readonly OutputEvent[], type: Type): Of<Type>[] {
  return events.filter((event): event is Of<Type> => event.type === type);
}
