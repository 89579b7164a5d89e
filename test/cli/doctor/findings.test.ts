import { describe, expect, it } from 'vitest';
import {
  batchFindings,
  clockFindings,
  drawFindings,
  inOrder,
  pausedFindings,
  said,
  shardFindings,
  versionFindings,
  wrong,
} from '../../../cli/doctor/findings.ts';
import { skew } from '../../../cli/doctor/skew.ts';

const pipeline = (
  shards: { shard: string; watermark?: number; behindMs: number }[],
  state = 'Enabled',
  functionName: 'draw' | 'user-events' | 'archive' = 'draw',
) => ({
  shards,
  queue: { visible: 0, inFlight: 1, delayed: 0 },
  mappings: [{ functionName, uuid: 'u', source: 'entries', state }],
});

describe('what the doctor finds', () => {
  it('comes in order of weight, and what is only said behind it', () => {
    const found = [
      ...[wrong('versions', 'a'), said('alarms', 'b'), wrong('lag', 'c'), wrong('stuck shard', 'd')],
      ...[wrong('failed batches', 'e'), wrong('clock', 'f')],
    ];
    expect(
      inOrder(found)
        .map(({ text }) => text)
        .join(''),
    ).toBe('edcfab');
  });

  it('tells a shard that is late from one that does not move', () => {
    const before = pipeline([
      { shard: 'user/1', watermark: 1, behindMs: 20_000 },
      { shard: 'user/2', watermark: 1, behindMs: 20_000 },
      { shard: 'user/3', watermark: 1, behindMs: 0 },
    ]);
    const now = pipeline([
      { shard: 'user/1', watermark: 5, behindMs: 20_000 },
      { shard: 'user/2', watermark: 1, behindMs: 25_000 },
      { shard: 'user/3', watermark: 1, behindMs: 9_000 },
      // One that a reshard has opened since.
      { shard: 'user/4', behindMs: 11_000 },
    ]);
    expect(shardFindings(now, before)).toEqual([
      wrong('lag', 'user/1 is 20.0 s behind (docs/runbook.md, input-lag)'),
      wrong(
        'stuck shard',
        'user/2 is 25.0 s behind and does not move (docs/runbook.md, A shard holds draws up)',
      ),
      wrong('lag', 'user/4 is 11.0 s behind (docs/runbook.md, input-lag)'),
    ]);
  });

  it('says nothing of how far a shard is while nobody asks it', () => {
    const shards = [{ shard: 'user/1', watermark: 1, behindMs: 125_000 }];
    const idle = { ...pipeline(shards), queue: { visible: 0, inFlight: 0, delayed: 5 } };
    const lookedAt = (at: number) => ({
      ...idle,
      complete: { watermark: 1, lookedAt: at, slowest: 'user/1' },
    });
    expect(shardFindings(lookedAt(7), lookedAt(7))).toEqual([]);
    expect(shardFindings(lookedAt(8), lookedAt(7))).toHaveLength(1);
    expect(shardFindings({ ...idle, queue: { ...idle.queue, visible: 1 } }, idle)).toHaveLength(1);
  });

  it('takes no shard for stuck whose function is paused', () => {
    const shards = ['user/1', 'lottery/1'].map((shard) => ({ shard, watermark: 1, behindMs: 125_000 }));
    const paused = pipeline(shards, 'Disabled', 'user-events');
    expect(shardFindings(paused, paused)).toEqual([
      wrong('lag', 'user/1 is 2 min 5 s behind: user-events is paused'),
      wrong(
        'stuck shard',
        'lottery/1 is 2 min 5 s behind and does not move (docs/runbook.md, A shard holds draws up)',
      ),
    ]);
  });

  it('names a function that gets nothing, and how it goes on', () => {
    expect(pausedFindings(pipeline([]))).toEqual([]);
    expect(pausedFindings(pipeline([], 'Disabled'))).toEqual([
      wrong('paused', 'draw gets nothing from entries: Disabled (lottery resume draw)'),
    ]);
  });

  const late = [
    { drawId: 'in time', dueAt: 90_000, waitsFor: 'its tick' },
    { drawId: 'a', dueAt: 70_000, waitsFor: 'its tick' },
    { drawId: 'b', dueAt: 60_000, round: 7, waitsFor: 'round 7 of the beacon, published 9 s ago' },
    { drawId: 'c', dueAt: 50_000, round: 6, waitsFor: 'round 6 of the beacon, published 19 s ago' },
  ];

  it.each([
    ['all work', pipeline([])],
    ['the archive is paused', pipeline([], 'Disabled', 'archive')],
  ])('tells draws that wait for the beacon from those that are late, where %s', (_, now) => {
    expect(drawFindings(late, now, 100_000)).toEqual([
      wrong(
        'beacon',
        '2 draws are late, the oldest, c, by 50.0 s: waits for round 6 of the beacon, published 19 s ago ' +
          '(it does not answer, or draw is behind: docs/runbook.md, A round of the beacon does not come)',
      ),
      wrong('draws', 'draw a is 30.0 s late: waits for its tick (docs/runbook.md, draws-late)'),
    ]);
  });

  it('says of all draws that wait for a paused function no more than that', () => {
    const waiting = late.map((draw) => ({ ...draw, waitsFor: 'draw, Throttled' }));
    expect(drawFindings(waiting, pipeline([], 'Throttled'), 200_000)).toEqual([
      wrong(
        'draws',
        '4 draws are late, the oldest, c, by 2 min 30 s: waits for draw, Throttled (docs/runbook.md, draws-late)',
      ),
    ]);
  });

  it('counts failed batches, and says what to do', () => {
    expect(batchFindings(0, 'b')).toEqual([]);
    expect(batchFindings(1, 'b')).toEqual([
      wrong('failed batches', '1 failed batch lies in the artifacts bucket: npm run redrive -- --bucket b'),
    ]);
  });

  it('minds clocks and versions that differ, and says where nothing is known', () => {
    expect(clockFindings(1_999)).toEqual([]);
    expect(clockFindings(-3_000)).toMatchObject([
      { topic: 'clock', text: expect.stringContaining('3.0 s late') },
    ]);
    expect(clockFindings(3_000)).toMatchObject([
      { isWrong: true, text: expect.stringContaining('3.0 s ahead') },
    ]);
    expect(clockFindings(undefined)).toMatchObject([{ isWrong: false }]);
    expect(versionFindings('1.0.0', '1.0.0')).toEqual([]);
    expect(versionFindings('1.0.0', '1.1.0')).toMatchObject([
      { text: expect.stringContaining('1.0.0 is deployed') },
    ]);
    expect(versionFindings(undefined, '1.1.0')).toMatchObject([{ isWrong: true }]);
  });
});

describe('the time of another machine', () => {
  it('is any of the second that it names, and of the call', () => {
    expect([skew(10_000, 10_000, 10_000), skew(10_000, 10_999, 12_000), skew(10_000, 9_000, 10_000)]).toEqual(
      [...[0, 0, 0]],
    );
    expect(skew(10_000, 15_000, 15_100)).toBe(4_000);
    expect(skew(10_000, 4_000, 5_000)).toBe(-5_000);
    expect(skew(Number.NaN, 0, 0)).toBeUndefined();
  });
});
