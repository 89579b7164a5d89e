/** What `npm run verify` checks: the events of a run, and its sheets, as the functions write them. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { drawSeed, windowSeedCommitment } from '../lambda/core/beacon.ts';
import { priority, seedCommitment, windowSeed } from '../lambda/core/fairness.ts';
import { leafHash, leafOfHash, merkleTree, rootOfHashes } from '../lambda/core/merkle.ts';
import { receiptText } from '../lambda/core/receipt.ts';

const seed = 'ab'.repeat(32);
const windowMs = 10_000;
const firstWindow = 1_700_000_000_000;
const lotteryId = 'spring';

type Pair = [entryId: string, userId: string];

/**
 * Writes `<directory>/events.jsonl` and `<directory>/sheets/`: a run without a beacon, whose clicks came in batches.
 * @param blocks of each draw, each of `blockSize` entries
 */
export function writeRun(
  directory: string,
  sizes: { draws: number; blocks: number; blockSize: number },
): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const file = openSync(join(directory, 'events.jsonl'), 'w');
  const put = (event: object) => writeSync(file, `${JSON.stringify(event)}\n`);
  mkdirSync(join(directory, 'sheets'));
  put({
    ...{ type: 'LotteryStartedEvent', lotteryId, run: 1, seedCommitment: seedCommitment(seed) },
    ...{ windowMs, graceMs: 2_000, firstWindowStart: firstWindow, randomness: 'seed' },
    receiptKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  });
  for (let draw = 0; draw < sizes.draws; draw += 1) {
    const windowStart = firstWindow + draw * windowMs;
    const drawId = `${lotteryId}@${windowStart}`;
    const window = { drawId, windowStart, windowEnd: windowStart + windowMs };
    const blocks = Array.from({ length: sizes.blocks }, (_, block) => {
      const entries = Array.from({ length: sizes.blockSize }, (_, entry) => pair(draw, block, entry));
      const tree = merkleTree(
        entries.map(([entryId, userId]) => leafHash(JSON.stringify([drawId, entryId, userId]))),
      );
      const text = Buffer.from(receiptText(merkleTree([leafOfHash(tree.root)]).root));
      const signature = sign('sha256', text, key).toString('base64url');
      for (const [index, [entryId, userId]] of entries.entries()) {
        put({
          ...{ type: 'ClickAcceptedEvent', userId, lotteryId, entryId, ...window, availableCoupons: 9 },
          ...{ timestamp: windowStart + block, arrival: windowStart + block + 40 },
          receipt: { root: tree.root, index, size: tree.size, path: tree.pathOf(index), signature },
        });
      }
      return { root: tree.root, entries };
    });
    close(window, blocks, directory, put);
  }
  put({ type: 'LotteryEndedEvent', lotteryId, run: 1, seed, seedCommitment: seedCommitment(seed) });
  closeSync(file);
}

function pair(draw: number, block: number, entry: number): Pair {
  const number = `${draw}${String(block).padStart(5, '0')}${String(entry).padStart(5, '0')}`;
  return [`shardId-000000000000:49${number.padStart(54, '0')}`, `user-${entry}-${block}`];
}

function close(
  window: { drawId: string; windowStart: number; windowEnd: number },
  blocks: readonly { root: string; entries: readonly Pair[] }[],
  directory: string,
  put: (event: object) => void,
): void {
  const sorted = blocks.toSorted((left, right) => (left.root < right.root ? -1 : 1));
  const own = windowSeed(seed, lotteryId, window.windowStart);
  const { winner, entries } = winnerOf(sorted, drawSeed(own, undefined));
  const windowRoot = rootOfHashes(sorted.map(({ root }) => root));
  const commitment = windowSeedCommitment(seed, lotteryId, window.windowStart);
  const closedAt = window.windowEnd + 2_300;
  const of = {
    drawId: window.drawId,
    lotteryId,
    run: 1,
    windowStart: window.windowStart,
    windowEnd: window.windowEnd,
  };
  const fixed = { windowRoot, windowSeedCommitment: commitment, closedAt };
  const header = {
    ...{ type: 'DrawSheet', ...of, entries, blocks: sorted.length, windowRoot, windowSeed: own },
    ...{ windowSeedCommitment: commitment, closedAt, winner },
  };
  const sheet = [header, ...sorted].map((line) => `${JSON.stringify(line)}\n`).join('');
  const name = createHash('sha256').update(sheet).digest('hex');
  writeFileSync(join(directory, 'sheets', `${name}.jsonl`), sheet);
  put({ type: 'DrawClosedEvent', ...of, blocks: sorted.length, ...fixed });
  put({ type: 'LotteryWinnerEvent', ...of, ...winner, entries, windowSeed: own, windowRoot, sheet: name });
}

function winnerOf(blocks: readonly { entries: readonly Pair[] }[], own: string) {
  let winner = { entryId: '', userId: '', priority: 'g' };
  let entries = 0;
  for (const block of blocks) {
    for (const [entryId, userId] of block.entries) {
      const its = priority(own, entryId);
      entries += 1;
      if (its < winner.priority) winner = { entryId, userId, priority: its };
    }
  }
  return { winner, entries };
}
