import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, metricNames, metricNamespace } from '../../lambda/contract/metrics.ts';
import type { FunctionName } from '../../lambda/contract/variables.ts';
import type { RejectionReason } from '../../lambda/core/reasons.ts';

const period = Duration.minutes(1);

/** The metrics that the functions of one environment emit. */
export class OwnMetrics {
  private readonly environment: string;

  constructor(environment: string) {
    this.environment = environment;
  }

  /** POWERTOOLS_SERVICE_NAME of a function: Powertools puts it on every metric. */
  service(name: FunctionName): string {
    return `${this.environment}-${name}`;
  }

  count(name: FunctionName, metricName: MetricName): Metric {
    return this.metric(metricName, 'Sum', { service: this.service(name) });
  }

  rejections(name: FunctionName, reason: RejectionReason): Metric {
    return this.metric(metricNames.eventsRejected, 'Sum', { service: this.service(name), reason });
  }

  /** One line per reason, those too that are new. For dashboards: alarms cannot search. */
  rejectionsByReason(name: FunctionName): MathExpression {
    const search = `{${metricNamespace},service,reason} MetricName="${metricNames.eventsRejected}" service="${this.service(name)}"`;
    return new MathExpression({ expression: `SEARCH('${search}', 'Sum', 60)`, label: '', period });
  }

  /** ms from a window's end to its winner. */
  drawDelay(statistic: string, per: Duration = period): Metric {
    return this.metric(metricNames.drawDelay, statistic, { service: this.service('draw') }).with({
      period: per,
    });
  }

  /** ms that the slowest open shard of the input was behind, where a tick waited for one. */
  watermarkDelay(): Metric {
    return this.metric(metricNames.watermarkDelay, 'Maximum', { service: this.service('ticks') });
  }

  /** ms that the last record of the slowest partition of a batch had waited, where functions read topics. */
  inputAge(name: FunctionName): Metric {
    return this.metric(metricNames.inputAge, 'Maximum', { service: this.service(name) });
  }

  private metric(metricName: MetricName, statistic: string, dimensionsMap: Record<string, string>): Metric {
    return new Metric({ namespace: metricNamespace, metricName, statistic, period, dimensionsMap });
  }
}
