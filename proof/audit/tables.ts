import { isDeepStrictEqual } from 'node:util';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import { ofType } from './events.ts';
import type { Evidence } from './evidence.ts';

/** What is known of something, by its name. */
type Facts = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Draws, closed ones, refunds and runs are stored as they were announced: whether they were announced rightly, the oracle says. */
export function tablesHoldWhatWasAnnounced(evidence: Evidence): string[] {
  return [
    ...differences('draw', storedDraws(evidence), announcedDraws(evidence)),
    ...differences('close of draw', storedCloses(evidence), announcedCloses(evidence)),
    ...differences('refund', storedRefunds(evidence), announcedRefunds(evidence)),
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
  return new Map(
    draws.map(({ winner, blocks, beacon, ...draw }) => [
      draw.drawId,
      {
        ...{ prize: undefined, ...draw, ...winner },
        ...{ round: beacon?.round, beaconSignature: beacon?.signature },
      },
    ]),
  );
}

function storedCloses({ closed }: Evidence): Facts {
  return new Map(
    closed.map(({ blocks, beacon, ...close }) => [
      close.drawId,
      { ...close, blocks: blocks.length, round: beacon?.round, chainHash: beacon?.chain.chainHash },
    ]),
  );
}

function announcedCloses({ outputs }: Evidence): Facts {
  const closes = ofType(outputs.lottery, 'DrawClosedEvent');
  return new Map(closes.map((close) => [close.drawId, { ...close, lotteryId: String(close.lotteryId) }]));
}

function announcedDraws({ outputs }: Evidence): Facts {
  const winners = ofType(outputs.lottery, 'LotteryWinnerEvent');
  const withTexts = ({ userId, lotteryId }: (typeof winners)[number]) => ({
    ...{ userId: String(userId), lotteryId: String(lotteryId) },
  });
  return new Map(winners.map((winner) => [winner.drawId, { ...winner, ...withTexts(winner) }]));
}

function storedRefunds({ refunds }: Evidence): Facts {
  return new Map(
    refunds.map(({ refundId, drawId, entryId, userId, lotteryId }) => [
      refundId,
      { place: `${drawId}/${entryId}`, userId, lotteryId },
    ]),
  );
}

function announcedRefunds({ outputs }: Evidence): Facts {
  return new Map(
    ofType(outputs.user, 'CouponRefundedEvent').map(({ drawId, entryId, userId, lotteryId }) => {
      const place = `${drawId}/${entryId}`;
      return [place, { place, userId: String(userId), lotteryId: String(lotteryId) }];
    }),
  );
}

const nameOf = ({ lotteryId, run }: { lotteryId: string | number; run: number }) => `${lotteryId}#${run}`;

/** The current ones and those put away, each with its seed: by what it hashes to, whatever it is stored under. */
function storedRuns({ lotteries, seeds }: Evidence): Facts {
  const byCommitment = new Map(seeds.map(({ seed }) => [seedCommitment(seed), seed]));
  const runs = lotteries.flatMap(({ current }) => (current ? [current] : []));
  return new Map(
    runs.map(({ lotteryId, run, seedCommitment: commitment, ...facts }) => [
      nameOf({ lotteryId, run }),
      {
        ...{ commitment, hasSeed: byCommitment.has(commitment) },
        ...{ prizes: undefined, firstWindowStart: undefined, lastWindowStart: undefined, beacon: undefined },
        ...facts,
        seed: facts.status === 'ended' ? byCommitment.get(commitment) : undefined,
      },
    ]),
  );
}

function announcedRuns({ outputs }: Evidence): Facts {
  const stops = new Map(ofType(outputs.lottery, 'LotteryStoppedEvent').map((stop) => [nameOf(stop), stop]));
  const ended = new Map(ofType(outputs.lottery, 'LotteryEndedEvent').map((end) => [nameOf(end), end.seed]));
  return new Map(
    ofType(outputs.lottery, 'LotteryStartedEvent').map((start) => {
      const { seedCommitment: commitment, prizes, windowMs, graceMs, firstWindowStart } = start;
      const { receiptKey, beacon } = start;
      const [stop, seed] = [stops.get(nameOf(start)), ended.get(nameOf(start))];
      const status = seed !== undefined ? 'ended' : stop ? 'stopped' : 'active';
      const last = prizes && (firstWindowStart ?? 0) + (prizes.length - 1) * windowMs;
      const lastWindowStart = stop?.lastWindowStart ?? last;
      const windows = { windowMs, graceMs, firstWindowStart, lastWindowStart };
      const facts = { commitment, prizes, ...windows, status, seed, hasSeed: true, receiptKey, beacon };
      return [nameOf(start), facts];
    }),
  );
}
