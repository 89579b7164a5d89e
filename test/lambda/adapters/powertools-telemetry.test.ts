import type { MockInstance } from 'vitest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PowertoolsTelemetry } from '../../../lambda/adapters/powertools-telemetry.ts';
import { metricNamespace } from '../../../lambda/contract/metrics.ts';

/** A metric as CloudWatch finds it in a log line (embedded metric format). */
interface MetricLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly string[][];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

let log: MockInstance;
let errors: MockInstance;
let warnings: MockInstance;

beforeEach(() => {
  // In its development mode Powertools writes to the console that a test can watch, not past it.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  // That mode writes no metrics, unless told to.
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', metricNamespace);
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'draw');
  log = vi.spyOn(console, 'log').mockImplementation(() => {});
  errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const lines = (): MetricLine[] => log.mock.calls.map(([text]) => JSON.parse(String(text)));

describe('metrics', () => {
  test('of one invocation are written at its end, summed, in the product’s namespace', async () => {
    const telemetry = new PowertoolsTelemetry();
    await telemetry.around(async () => {
      telemetry.count('drawsMade');
      telemetry.count('drawsMade', 2);
      telemetry.drawDelay(1250);
      expect(lines()).toEqual([]);
    });
    const [line] = lines();
    const [metrics] = line?._aws.CloudWatchMetrics ?? [];
    expect(metrics?.Namespace).toBe('LotteryStreams');
    expect(metrics?.Dimensions).toEqual([['service']]);
    expect(metrics?.Metrics).toMatchObject([
      { Name: 'DrawsMade', Unit: 'Count' },
      { Name: 'DrawDelay', Unit: 'Milliseconds' },
    ]);
    expect(line).toMatchObject({ service: 'draw', DrawsMade: [1, 2], DrawDelay: 1250 });
  });

  test('of one invocation are not written again by the next', async () => {
    const telemetry = new PowertoolsTelemetry();
    await telemetry.around(async () => telemetry.count('drawsMade'));
    await telemetry.around(async () => telemetry.count('ticksPutOff'));
    expect(lines()).toHaveLength(2);
    expect(lines()[1]).not.toHaveProperty('DrawsMade');
  });

  test('of rejections carry the reason, which no other metric does', async () => {
    const telemetry = new PowertoolsTelemetry();
    await telemetry.around(async () => {
      telemetry.count('eventsApplied', 5);
      telemetry.rejected('NO_COUPON', 3);
    });
    const rejected = lines().find((line) => 'EventsRejected' in line);
    expect(rejected).toMatchObject({ reason: 'NO_COUPON', EventsRejected: 3 });
    expect(rejected?._aws.CloudWatchMetrics[0]?.Dimensions.flat()).toContain('reason');
    expect(lines().find((line) => 'EventsApplied' in line)).not.toHaveProperty('reason');
  });

  test('of nothing are not written, and nobody is warned of that', async () => {
    const telemetry = new PowertoolsTelemetry();
    await telemetry.around(async () => telemetry.count('drawsMade', 0));
    expect(lines()).toEqual([]);
    expect(warnings).not.toHaveBeenCalled();
  });
});

describe('an invocation that fails', () => {
  test('still writes its metrics, logs its error, and fails', async () => {
    const telemetry = new PowertoolsTelemetry();
    const invocation = telemetry.around(async () => {
      telemetry.count('writeConflicts');
      throw new Error('no stream');
    });
    await expect(invocation).rejects.toThrow('no stream');
    expect(lines()).toMatchObject([{ WriteConflicts: 1 }]);
    expect(String(errors.mock.calls[0])).toContain('no stream');
  });
});

describe('a warning', () => {
  test('is a structured log line with its details, and an error’s message', () => {
    new PowertoolsTelemetry().warn('A user was not written', { userId: '7', error: new Error('throttled') });
    const line = JSON.parse(String(warnings.mock.calls[0]?.[0]));
    expect(line).toMatchObject({ level: 'WARN', message: 'A user was not written', userId: '7' });
    expect(line.error.message).toBe('throttled');
  });
});
