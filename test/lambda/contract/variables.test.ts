import { describe, expect, test } from 'vitest';
import { functionVariables, readEnvironment, readNumber } from '../../../lambda/contract/variables.ts';
import { clockToleranceMs, drawTiming, retentionMs } from '../../../lambda/functions/settings.ts';

const ticks = { ENTRIES_STREAM: 'entries', TICKS_QUEUE_URL: 'http://127.0.0.1/queue' };

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

  test('only functions that need the seeds know the lotteries table', () => {
    expect(functionVariables.ticks).not.toContain('LOTTERIES_TABLE');
  });

  test.each(['-1', 'ten', 'Infinity', 'NaN'])('a number may not be %s', (value) => {
    expect(() => readNumber({ GRACE_SECONDS: value }, 'GRACE_SECONDS')).toThrow(
      `Environment variable GRACE_SECONDS must be a number of 0 or more, not '${value}'`,
    );
  });
});

describe('settings', () => {
  test('are milliseconds', () => {
    expect(drawTiming({ WINDOW_SECONDS: '10', GRACE_SECONDS: '0.5' })).toEqual({
      windowMs: 10_000,
      graceMs: 500,
    });
  });

  test('a record may come again for the retention and an hour', () => {
    expect(retentionMs({ STREAM_RETENTION_HOURS: '24' })).toBe(25 * 3_600_000);
  });

  test('a tolerance of 0 is one; off is none', () => {
    expect(clockToleranceMs({ CLOCK_TOLERANCE_SECONDS: '0' })).toBe(0);
    expect(clockToleranceMs({ CLOCK_TOLERANCE_SECONDS: '60' })).toBe(60_000);
    expect(clockToleranceMs({ CLOCK_TOLERANCE_SECONDS: 'off' })).toBeUndefined();
  });
});
