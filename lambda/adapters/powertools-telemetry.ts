import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNames } from '../contract/metrics.ts';
import type { InputAgeTelemetry, Telemetry } from '../ports/telemetry.ts';

/**
 * Counts as metrics in the embedded metric format, facts as structured logs. Service, namespace and level come
 * from Powertools' own variables. Make it once per execution environment.
 */
export class PowertoolsTelemetry implements Telemetry, InputAgeTelemetry {
  readonly #metrics = new Metrics();
  readonly #logger = new Logger();

  count(name: Parameters<Telemetry['count']>[0], value = 1): void {
    if (value !== 0) this.#metrics.addMetric(metricNames[name], MetricUnit.Count, value);
  }

  /** A metric of its own, since its dimension would otherwise go on every other one. */
  rejected(reason: string, count: number): void {
    const single = this.#metrics.singleMetric();
    single.addDimension('reason', reason);
    single.addMetric(metricNames.eventsRejected, MetricUnit.Count, count);
  }

  drawDelay(ms: number): void {
    this.#metrics.addMetric(metricNames.drawDelay, MetricUnit.Milliseconds, ms);
  }

  watermarkDelay(ms: number): void {
    this.#metrics.addMetric(metricNames.watermarkDelay, MetricUnit.Milliseconds, ms);
  }

  inputAge(ms: number): void {
    this.#metrics.addMetric(metricNames.inputAge, MetricUnit.Milliseconds, ms);
  }

  warn(message: string, details: Readonly<Record<string, unknown>>): void {
    const { error, ...rest } = details;
    this.#logger.warn(message, error instanceof Error ? { ...rest, error } : { ...details });
  }

  /** Runs one invocation: writes its metrics at the end, and its error, if it fails, to the log. */
  async around<Result>(invocation: () => Promise<Result>): Promise<Result> {
    try {
      return await invocation();
    } catch (error) {
      this.#logger.error('Invocation failed', error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
      if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
    }
  }
}
