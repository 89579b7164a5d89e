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

const pipeline = (shards: { shard: string; watermark?: number; behindMs: number }[], state = 'Enabled') => ({
  shards,
  queue: { visible: 0, inFlight: 0, delayed: 0 },
  mappings: [{ functionName: 'draw' as const, uuid: 'u', source: 'entries', state }],
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
      wrong('lag', 'user/1 is 20.0 s behind'),
      wrong('stuck shard', 'user/2 is 25.0 s behind and does not move'),
      wrong('lag', 'user/4 is 11.0 s behind'),
    ]);
  });

  it('names a function that gets nothing, and how it goes on', () => {
    expect(pausedFindings(pipeline([]))).toEqual([]);
    expect(pausedFindings(pipeline([], 'Disabled'))).toEqual([
      wrong('paused', 'draw gets nothing from entries: Disabled (lottery resume draw)'),
    ]);
  });

  it('tells draws that wait for the beacon from those that are late', () => {
    const draws = [
      { drawId: 'in time', dueAt: 90_000, waitsFor: 'its tick' },
      { drawId: 'a', dueAt: 70_000, waitsFor: 'its tick' },
      { drawId: 'b', dueAt: 60_000, round: 7, waitsFor: 'round 7 of the beacon, which is published by now' },
    ];
    expect(drawFindings(draws, 100_000)).toEqual([
      wrong('draws', 'draw a is 30.0 s late: waits for its tick'),
      wrong('beacon', 'draw b is 40.0 s late: waits for round 7 of the beacon, which is published by now'),
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
