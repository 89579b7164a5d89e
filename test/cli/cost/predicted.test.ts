import { expect, it } from 'vitest';
import { settingsOf } from '../../../cli/command-options.ts';
import { predictedCounts } from '../../../cli/cost/predicted.ts';
import type { Counted } from '../../../proof/simulation/call-counts.ts';
import { scaleOf } from '../../../proof/simulation/scale.ts';
import { Templates } from '../../../proof/simulation/templates.ts';

const shards = 2;
const context = { 'dev:shards': String(shards) };
const load = { clicksPerSecond: 20, lotteries: 3 };

const windows = 2;

const templates = new Templates('dev', context);

/** What the bill counts one by one: within a fifth, as a poll drifts behind the second, and one that a window's edge cuts. */
const counted: readonly Counted[] = [
  ...(['outcomes', 'userReads', 'userWrites', 'partials', 'blockPuts', 'signatures'] as const),
  ...(['userInvocations', 'closed', 'draws', 'sheetPuts', 'drawReads', 'drawWrites'] as const),
];
/** What it counts on the dear side: no more than that, and no less than a sixth. */
const bounded: readonly Counted[] = [
  ...(['heartbeats', 'messages', 'ticks', 'watermarkReads', 'watermarkWrites', 'lotteryReads'] as const),
  ...(['blockReads', 'drawInvocations', 'tickInvocations'] as const),
];

it.each([
  { name: 'plain records on Kinesis', connector: 'kinesis', clicksPerRecord: 1 },
  { name: 'aggregated ones', connector: 'kinesis', clicksPerRecord: 4 },
  { name: 'topics', connector: 'kafka', clicksPerRecord: 1 },
] as const)(
  'the formulas of the bill say what the simulation counts: $name',
  async ({ connector, clicksPerRecord }) => {
    const ofRun = { assembly: templates.of(connector), clicksPerRecord, windows, partitions: shards };
    const scale = await scaleOf({ ...load, ...ofRun });
    const settings = { ...settingsOf('dev', context), connector };
    const formulas = predictedCounts(settings, {
      ...load,
      clicksPerRecord,
      clicksPerUserAndBatch: 1,
      users: 0,
    });
    const both = (names: readonly Counted[]) =>
      names.map((name) => ({ name, count: scale[name], formula: formulas[name] }));
    const isNear = (count: number, formula: number) =>
      Math.abs(count - formula) <= 0.2 * formula + 1 / windows;
    expect(both(counted).filter(({ count, formula }) => !isNear(count, formula))).toEqual([]);
    const isBelow = (count: number, formula: number) => count <= formula && count >= formula / 6;
    expect(both(bounded).filter(({ count, formula }) => !isBelow(count, formula))).toEqual([]);
  },
);
