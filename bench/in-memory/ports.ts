import { type Block, nameOf, parseBlock } from '../../lambda/core/block.ts';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import type { LotteryRun, SeededRun } from '../../lambda/core/lottery.ts';
import { newUser } from '../../lambda/core/user.ts';
import { runKey } from '../../lambda/core/window.ts';
import type { DrawDependencies } from '../../lambda/functions/draw/dependencies.ts';
import type { UserEventsDependencies } from '../../lambda/functions/user-events/dependencies.ts';
import { Watermarks } from '../../lambda/functions/watermarks.ts';
import type { LotteryRuns, Seeds, StreamPublisher, StreamRecord } from '../../lambda/ports/ports.ts';
import { recordJson } from '../../lambda/ports/record-json.ts';
import type { Telemetry } from '../../lambda/ports/telemetry.ts';
import type { MemoryUsers } from './users.ts';

/**
 * The world of a function in memory, without cost: what is left is the product's own work. So these are not the fakes
 * of the tests (test/support/fakes), which keep, check and note what they are given, but ports that do next to nothing.
 */

const timing = { windowMs: 10_000, graceMs: 2_000 };
export const marginMs = 250;

const seed = '5e'.repeat(32);
export const run: SeededRun = {
  lotteryId: '1',
  run: 1,
  status: 'active',
  seed,
  seedCommitment: seedCommitment(seed),
  receiptKey: '',
  ...timing,
};

const runs = new Map<string, LotteryRun>();

/** Of any lottery, all of which are in their first run. */
export function runOf({ lotteryId }: { readonly lotteryId: string }): LotteryRun {
  const known = runs.get(lotteryId) ?? { ...run, lotteryId };
  runs.set(lotteryId, known);
  return known;
}

const seeds: Seeds = {
  byCommitment: async (commitments) => new Map(commitments.map((commitment) => [commitment, seed])),
};

const lotteries: LotteryRuns = {
  current: async (lotteryIds) => new Map(lotteryIds.map((lotteryId) => [lotteryId, runOf({ lotteryId })])),
  byRun: async (keys) => new Map(keys.map((key) => [runKey(key), runOf(key)])),
};

const telemetry: Telemetry = { count() {}, rejected() {}, drawDelay() {}, watermarkDelay() {}, warn() {} };

/**
 * A draw function's: nothing is stored before, and nothing fails.
 * @param texts blocks by their names
 */
export function drawWorld(
  now: () => number,
  texts: ReadonlyMap<string, string> = new Map(),
): DrawDependencies {
  const streams = new JsonPublisher();
  return {
    isReplay: false,
    lotteries: { ...lotteries, end: async () => {} },
    seeds,
    draws: {
      putDrawIfAbsent: async (stored) => ({ stored, isNew: true }),
      drawOf: async () => undefined,
    },
    closedDraws: { closeIfAbsent: async (draw) => draw, closedOf: async () => undefined },
    sheets: { put: async () => '' },
    beacon: { signatureOf: async () => undefined },
    refunds: { putIfAbsent: async (stored) => ({ stored, isNew: stored.length }) },
    openDraws: { open: async () => ({}), change: async () => {} },
    blocks: {
      listed: async () => undefined,
      read: async (names) => new Map(names.map((name) => [name, blockOf(texts.get(name) ?? '', name)])),
    },
    lotteryOutputs: streams,
    userInputs: streams,
    ticks: { send: async () => {} },
    telemetry,
    now,
  };
}

/** Its name is checked, as that of each block that comes out of the bucket. */
function blockOf(text: string, name: string): Block {
  if (nameOf(text) !== name) throw new Error(`Block ${name} is not what its name says`);
  return parseBlock(text);
}

/** Takes records as a stream does: as JSON, which their function has to write. Tells how many there were. */
export class JsonPublisher implements StreamPublisher {
  records = 0;
  bytes = 0;

  async publish(records: Iterable<StreamRecord>): Promise<void> {
    for (const record of records) {
      this.records += 1;
      this.bytes += recordJson(record).length;
    }
  }
}

/** As long as a real one: r ‖ s in base64url. */
const signature = 'S'.repeat(86);

/** Users that are kept; everything else that is written is forgotten. */
export function userEventsWorld(users: MemoryUsers, now: () => number): UserEventsDependencies {
  return {
    settings: { toleranceMs: 120_000, marginMs, retentionMs: 25 * 3_600_000 },
    users: {
      load: async (userIds) => new Map(userIds.map((userId) => [userId, users.get(userId) ?? newUser])),
      write: async (writes) =>
        writes.map(({ key, state }) => {
          users.put(key, state);
          return { kind: 'written' };
        }),
    },
    lotteries,
    refunds: { granted: async () => new Map(), take: async () => {} },
    grants: { granted: async () => new Map(), take: async () => {} },
    blocks: { put: async () => {} },
    signer: { sign: async () => signature },
    outputs: new JsonPublisher(),
    entries: new JsonPublisher(),
    watermarks: new Watermarks('user', { advance: async () => {} }, { timing, marginMs }),
    replayClock: undefined,
    telemetry,
    now,
    sleep: async () => {},
    random: () => 0,
  };
}
