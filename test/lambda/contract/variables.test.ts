import { describe, expect, test } from 'vitest';
import {
  functionVariables,
  readEnvironment,
  readKafkaEnvironment,
  readNumber,
} from '../../../lambda/contract/variables.ts';
import {
  beaconOf,
  clockToleranceMs,
  isReplay,
  reportsFailures,
  retentionMs,
  windowTiming,
} from '../../../lambda/functions/settings.ts';
import { beacon } from '../../support/events.ts';

const ticks = Object.fromEntries(functionVariables.ticks.map((each) => [each, `its ${each}`]));

describe('a function’s environment', () => {
  test('is read, and nothing that it does not name', () => {
    expect(readEnvironment('ticks', { ...ticks, USERS_TABLE: 'users' })).toEqual(ticks);
  });

  test.each(functionVariables.draw)('without %s stops with its name', (variable) => {
    const all = Object.fromEntries(functionVariables.draw.map((each) => [each, '1']));
    for (const value of [undefined, '']) {
      expect(() => readEnvironment('draw', { ...all, [variable]: value })).toThrow(
        `Environment variable ${variable} of the draw function is not set`,
      );
    }
  });

  test('has what brokers need beside it, where the outer streams are topics', () => {
    const archive = { KAFKA_REPORTS_FAILURES: 'on' };
    expect(readKafkaEnvironment('archive', { ...archive, KAFKA_AUTH: 'none' })).toEqual(archive);
    expect(() => readKafkaEnvironment('ticks', archive)).toThrow(
      'Environment variable KAFKA_BOOTSTRAP_SERVERS of the ticks function is not set',
    );
  });

  test('only functions that make or reveal seeds know their table, only those that wait the queue', () => {
    const knowing = (variable: string) =>
      Object.entries(functionVariables).flatMap(([name, all]) =>
        all.some((each) => each === variable) ? [name] : [],
      );
    expect(knowing('SEEDS_TABLE')).toEqual(['lottery-events', 'draw']);
    expect(knowing('TICKS_QUEUE_URL')).toEqual(['lottery-events', 'draw', 'ticks']);
    expect(knowing('RECEIPTS_KEY_ID')).toEqual(['lottery-events', 'user-events']);
    expect(knowing('BEACON_URLS')).toEqual(['draw']);
  });

  test.each(['-1', 'ten', 'Infinity', 'NaN'])('a number may not be %s', (value) => {
    expect(() => readNumber({ GRACE_SECONDS: value }, 'GRACE_SECONDS')).toThrow(
      `Environment variable GRACE_SECONDS must be a number of 0 or more, not '${value}'`,
    );
  });
});

describe('settings', () => {
  test('are milliseconds', () => {
    expect(windowTiming({ WINDOW_SECONDS: '10', GRACE_SECONDS: '0.5' })).toEqual({
      windowMs: 10_000,
      graceMs: 500,
    });
  });

  test('a mapping takes partial responses or does not', () => {
    expect(['on', 'off'].map((value) => reportsFailures({ KAFKA_REPORTS_FAILURES: value }))).toEqual([
      true,
      false,
    ]);
    expect(() => reportsFailures({ KAFKA_REPORTS_FAILURES: 'yes' })).toThrow(
      "Environment variable KAFKA_REPORTS_FAILURES must be 'on' or 'off', not 'yes'",
    );
  });

  test('a record may come again for the retention and an hour', () => {
    expect(retentionMs({ STREAM_RETENTION_HOURS: '24' })).toBe(25 * 3_600_000);
  });

  test('a tolerance of 0 is one; off is none', () => {
    expect(clockToleranceMs({ CLOCK_TOLERANCE_SECONDS: '0' })).toBe(0);
    expect(clockToleranceMs({ CLOCK_TOLERANCE_SECONDS: '60' })).toBe(60_000);
    expect(clockToleranceMs({ CLOCK_TOLERANCE_SECONDS: 'off' })).toBeUndefined();
    expect(['0', 'off'].map((each) => isReplay({ CLOCK_TOLERANCE_SECONDS: each }))).toEqual([false, true]);
  });

  test('randomness is that of a chain of beacons, or of the seed alone', () => {
    const BEACON_CHAIN = JSON.stringify(beacon);
    expect(beaconOf({ RANDOMNESS: 'drand', BEACON_CHAIN })).toEqual(beacon);
    expect(beaconOf({ RANDOMNESS: 'seed', BEACON_CHAIN })).toBeUndefined();
    expect(() => beaconOf({ RANDOMNESS: 'dice', BEACON_CHAIN })).toThrow(
      "Environment variable RANDOMNESS must be 'drand' or 'seed', not 'dice'",
    );
  });

  test.each([
    ['quicknet', 'Invalid input'],
    ['[]', 'Invalid input'],
    [JSON.stringify({ ...beacon, chainHash: 'BE'.repeat(32) }), 'chainHash: '],
    [JSON.stringify({ ...beacon, publicKey: beacon.chainHash }), 'publicKey: '],
    [JSON.stringify({ ...beacon, genesisSeconds: -1 }), 'genesisSeconds: '],
    [JSON.stringify({ ...beacon, periodSeconds: 0 }), 'periodSeconds: '],
  ])('a chain of beacons is not %j', (BEACON_CHAIN, field) => {
    expect(() => beaconOf({ RANDOMNESS: 'drand', BEACON_CHAIN })).toThrow(
      `Environment variable BEACON_CHAIN is no chain of a beacon: ${field}`,
    );
  });
});
