import { beforeEach, describe, expect, test } from 'vitest';
import { InputCompleteness } from '../../../lambda/functions/ticks/completeness.ts';
import type { OpenShard } from '../../../lambda/ports/ports.ts';
import { MemoryInputs, MemoryWatermarks } from '../../support/fakes/memory-inputs.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';

const shard = (n: number, input: 'user' | 'lottery' = 'user'): OpenShard => ({
  ...{ input, shardId: `s-${n}`, target: `${input} ${n}` },
});

let watermarks: MemoryWatermarks;
let inputs: MemoryInputs;
let telemetry: MemoryTelemetry;
let now: number;
let isReplay: boolean;
/** What happens while somebody waits. */
let meanwhile: () => void;
let completeness: InputCompleteness;

function setUp(shards: readonly OpenShard[], replay = false): void {
  watermarks = new MemoryWatermarks();
  inputs = new MemoryInputs(shards);
  telemetry = new MemoryTelemetry();
  now = 100_000;
  isReplay = replay;
  meanwhile = () => {};
  completeness = new InputCompleteness({
    ...{ isReplay, store: watermarks, watermarks, shards: inputs, heartbeats: inputs, telemetry },
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      meanwhile();
    },
  });
}

const mark = (n: number, watermark: number, input: 'user' | 'lottery' = 'user') =>
  watermarks.shards.set(`${input}/s-${n}`, { watermark, position: String(watermark) });

beforeEach(() => setUp([shard(1), shard(2), shard(1, 'lottery')]));

describe('how far the inputs are complete', () => {
  test('is as far as the last of the open shards, of both streams', async () => {
    mark(1, 90_000);
    mark(2, 80_000);
    mark(1, 85_000, 'lottery');
    expect(await completeness.reach(80_000, 0)).toBe(80_000);
    mark(2, 95_000);
    now += 500;
    expect(await completeness.reach(85_000, 0)).toBe(85_000);
  });

  test('is not known where a shard has no watermark: it may have records of any time', async () => {
    mark(1, 90_000);
    mark(1, 90_000, 'lottery');
    expect(await completeness.reach(1, 0)).toBe(0);
    mark(2, 90_000);
    now += 500;
    expect(await completeness.reach(1, 0)).toBe(90_000);
  });

  test('is asked of the shards first, then of their watermarks: a new one holds what is later', async () => {
    setUp([shard(1)]);
    mark(1, 90_000);
    const steps: string[] = [];
    const open = inputs.open.bind(inputs);
    inputs.open = async () => {
      steps.push('shards');
      return open();
    };
    const progressOf = watermarks.progressOf.bind(watermarks);
    watermarks.progressOf = async (shards) => {
      steps.push('watermarks');
      // It is split meanwhile: its children hold nothing that arrived before.
      inputs.opened = [shard(2), shard(3)];
      return progressOf(shards);
    };
    expect(await completeness.reach(90_000, 0)).toBe(90_000);
    expect(steps).toEqual(['shards', 'watermarks']);
  });

  test('never goes back: a shard that is opened holds what comes after', async () => {
    for (const n of [1, 2]) mark(n, 90_000);
    mark(1, 90_000, 'lottery');
    await completeness.reach(90_000, 0);
    inputs.opened.push(shard(3));
    now += 500;
    expect(await completeness.reach(95_000, 0)).toBe(90_000);
    expect(watermarks.all.watermark).toBe(90_000);
  });

  test('is the clicks’ own time in a replay, of the users’ input alone', async () => {
    setUp([shard(1), shard(2), shard(1, 'lottery')], true);
    watermarks.shards.set('user/s-1', { watermark: 9e12, position: '1', clock: 7_000 });
    watermarks.shards.set('user/s-2', { watermark: 9e12, position: '1', clock: 5_000 });
    expect(await completeness.reach(5_000, 0)).toBe(5_000);
    watermarks.shards.delete('user/s-2');
    setUp([shard(1)], true);
    watermarks.shards.set('user/s-1', { watermark: 9e12, position: '1' });
    expect(await completeness.reach(1, 0)).toBe(0);
  });
});

describe('waiting for it', () => {
  test('ends as soon as it is reached', async () => {
    for (const n of [1, 2]) mark(n, 90_000);
    meanwhile = () => now >= 101_000 && mark(1, 90_000, 'lottery');
    const began = now;
    expect(await completeness.reach(90_000, 3_000)).toBe(90_000);
    expect(now - began).toBeGreaterThanOrEqual(1_000);
    expect(now - began).toBeLessThanOrEqual(1_600);
  });

  test.each([0, 199, 200, 3_000])('never takes longer than it may: %d ms', async (maximumMs) => {
    const began = now;
    expect(await completeness.reach(90_000, maximumMs)).toBe(0);
    expect(now - began).toBeLessThanOrEqual(maximumMs);
    expect(now - began).toBeGreaterThan(maximumMs - 200 - 1);
  });

  test('takes the word of another one who has looked', async () => {
    meanwhile = () => {
      watermarks.all = { ...watermarks.all, watermark: 90_000 };
    };
    expect(await completeness.reach(90_000, 3_000)).toBe(90_000);
    expect(inputs.lists).toBe(1);
  });
});

describe('what it costs', () => {
  test('one look in 500 ms, however many ask, and a read of each shard with it', async () => {
    const shards = Array.from({ length: 1_000 }, (_, n) => shard(n));
    setUp(shards);
    const askers = Array.from({ length: 50 }, () => completeness.reach(90_000, 0));
    await Promise.all(askers);
    expect(inputs.lists).toBe(1);
    now += 499;
    await Promise.all(Array.from({ length: 50 }, () => completeness.reach(90_000, 0)));
    expect(inputs.lists).toBe(1);
    now += 1;
    await completeness.reach(90_000, 0);
    expect(inputs.lists).toBe(2);
    expect(watermarks.reads).toBe(2 * 1_000 + 101);
  });

  test('goes on after one whose clock is an hour ahead: the others look, and give heartbeats', async () => {
    const clock = now;
    now += 3_600_000;
    await completeness.reach(90_000, 0);
    now = clock;
    for (const n of [1, 2]) mark(n, 95_000);
    mark(1, 89_000, 'lottery');
    expect(await completeness.reach(90_000, 0)).toBe(89_000);
    expect(inputs.heartbeats.map(({ targets }) => targets)).toEqual([
      ['user 1', 'user 2', 'lottery 1'],
      ['lottery 1'],
    ]);
  });

  test('nothing but one read where it is known', async () => {
    watermarks.all = { ...watermarks.all, watermark: 90_000 };
    expect(await completeness.reach(90_000, 3_000)).toBe(90_000);
    expect([inputs.lists, watermarks.reads, inputs.heartbeats]).toEqual([0, 1, []]);
  });
});

describe('heartbeats', () => {
  test('go to the shards that are behind, by their hash ranges, at most once a second', async () => {
    mark(1, 95_000);
    mark(1, 80_000, 'lottery');
    const at: number[] = [];
    const send = inputs.send.bind(inputs);
    inputs.send = async (shards, heartbeat) => {
      at.push(now);
      return send(shards, heartbeat);
    };
    await completeness.reach(90_000, 3_000);
    expect(inputs.heartbeats.length).toBeGreaterThanOrEqual(2);
    for (const each of inputs.heartbeats) {
      expect(each).toEqual({ targets: ['user 2', 'lottery 1'], heartbeat: { type: 'Heartbeat' } });
    }
    // One for each of the two shards.
    expect(telemetry.counts.heartbeatsPut).toBe(2 * inputs.heartbeats.length);
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
  });

  test('are put by one of many who ask', async () => {
    await Promise.all(Array.from({ length: 50 }, () => completeness.reach(90_000, 900)));
    expect(inputs.heartbeats).toHaveLength(1);
  });

  test('are none in a replay: time is the events’ own', async () => {
    setUp([shard(1)], true);
    await completeness.reach(90_000, 3_000);
    expect(inputs.heartbeats).toEqual([]);
  });

  test('that cannot be put are told, and what was found counts', async () => {
    for (const n of [1, 2]) mark(n, 86_000);
    mark(1, 86_000, 'lottery');
    inputs.send = () => Promise.reject(new Error('throttled'));
    expect(await completeness.reach(90_000, 0)).toBe(86_000);
    expect(watermarks.all.watermark).toBe(86_000);
    expect(telemetry.warnings).toEqual(['Heartbeats could not be put']);
    expect(telemetry.counts.heartbeatsPut).toBeUndefined();
  });
});

describe('a shard that holds draws up', () => {
  test('is told from 5 s on, with how far it is behind', async () => {
    mark(1, 95_000);
    mark(2, 85_000);
    mark(1, 95_000, 'lottery');
    await completeness.reach(90_000, 0);
    expect([telemetry.watermarkDelays, telemetry.warnings]).toEqual([[5_000], []]);
    now += 500;
    await completeness.reach(90_001, 0);
    expect(telemetry.warnings).toEqual(['A shard holds draws up']);
    expect(telemetry.details).toEqual([{ slowest: 'user/s-2', behindMs: 5_001 }]);
  });

  test('that nobody has begun to read is behind by what draws wait, and not since 1970', async () => {
    now = 1_700_000_000_000;
    await completeness.reach(now - 6_000, 0);
    expect(telemetry.watermarkDelays).toEqual([6_000]);
    expect(telemetry.details).toEqual([{ slowest: 'user/s-1', behindMs: 6_000 }]);
  });

  test('is none where all are past what is waited for', async () => {
    for (const n of [1, 2]) mark(n, 99_000);
    mark(1, 99_000, 'lottery');
    await completeness.reach(90_000, 0);
    expect([telemetry.watermarkDelays, telemetry.warnings]).toEqual([[], []]);
  });
});
