/** What goes out of a lottery, as the page is made of it. */

const hash = (digit: string) => digit.repeat(64);

export interface DrawOptions {
  readonly windowStart?: number;
  readonly entries?: number;
  readonly run?: number;
  readonly prize?: string;
}

export function startedEvent(lotteryId: number | string, more: object = {}): object {
  return {
    ...{ type: 'LotteryStartedEvent', lotteryId, run: 1, seedCommitment: hash('a'), receiptKey: 'key' },
    beacon: { chainHash: hash('b'), publicKey: 'c'.repeat(192), genesisSeconds: 0, periodSeconds: 3 },
    ...{ windowMs: 10_000, graceMs: 2_000, firstWindowStart: 10_000, recordId: 'shard:1' },
    ...more,
  };
}

export function closedEvent(
  lotteryId: number | string,
  { windowStart = 10_000, run = 1 }: DrawOptions = {},
): object {
  return {
    ...{ type: 'DrawClosedEvent', drawId: `${lotteryId}@${windowStart}`, lotteryId, run, windowStart },
    ...{ windowEnd: windowStart + 10_000, windowRoot: hash('d'), blocks: 1, windowSeedCommitment: hash('e') },
    ...{ closedAt: windowStart + 12_000, round: 7, chainHash: hash('b') },
  };
}

export function winnerEventOf(
  lotteryId: number | string,
  { windowStart = 10_000, entries = 1, run = 1, prize = 'car' }: DrawOptions = {},
): object {
  return {
    ...{ type: 'LotteryWinnerEvent', drawId: `${lotteryId}@${windowStart}`, lotteryId, run, userId: 7 },
    ...{ windowStart, windowEnd: windowStart + 10_000, entries, entryId: 'shardId-000000000000:1', prize },
    ...{ priority: hash('f'), windowSeed: hash('1'), windowRoot: hash('d'), sheet: hash('2') },
    ...{ round: 7, beaconSignature: '3'.repeat(96) },
  };
}

export function endedEvent(lotteryId: number | string, run = 1): object {
  return { type: 'LotteryEndedEvent', lotteryId, run, seed: 'ab'.repeat(32), seedCommitment: hash('a') };
}
