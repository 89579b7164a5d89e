import type { Template } from 'aws-cdk-lib/assertions';
import { resources } from './synthesize.ts';

/** A metric that an alarm watches, alone or as part of an expression. */
export interface WatchedMetric {
  readonly alarm: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

interface MetricProperties {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

type Properties = Readonly<Record<string, unknown>>;

/** One of the metrics of an expression, or the expression. */
interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: MetricProperties; readonly Stat: string; readonly Period: number };
  readonly ReturnData?: boolean;
}

/** Properties of every alarm, by name. */
export function alarms(processing: Template): Map<string, Properties> {
  const all = Object.values(resources(processing, 'AWS::CloudWatch::Alarm'));
  return new Map(all.map(({ Properties }) => [String(Properties.AlarmName), Properties]));
}

/** Every metric that an alarm watches. */
export function watchedMetrics(processing: Template): WatchedMetric[] {
  return [...alarms(processing)].flatMap(([alarm, properties]) =>
    metricsOf(properties).map(({ Namespace, MetricName, Dimensions = [] }) => ({
      alarm,
      namespace: Namespace,
      metricName: MetricName,
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    })),
  );
}

function metricsOf(alarm: Properties): MetricProperties[] {
  const queries = alarm.Metrics as readonly Query[] | undefined;
  if (queries === undefined) {
    const { Namespace, MetricName, Dimensions } = alarm as Partial<MetricProperties>;
    if (Namespace === undefined || MetricName === undefined) throw new Error('An alarm without a metric');
    return [{ Namespace, MetricName, ...(Dimensions && { Dimensions }) }];
  }
  return queries.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
}

/** An alarm's rule in words: `Sum(AWS/Lambda Errors) >= 1 in 3 of 5 periods of 60 s`. */
export function ruleOf(alarm: Properties): string {
  const { Metrics, Statistic, ExtendedStatistic, Period, ComparisonOperator } = alarm;
  const [metric] = metricsOf(alarm);
  const { text, periods } =
    Metrics === undefined && metric !== undefined
      ? { text: metricText(Statistic ?? ExtendedStatistic, metric), periods: [Period] }
      : expressionOf(Metrics as readonly Query[]);
  const operator = ComparisonOperator === 'GreaterThanOrEqualToThreshold' ? '>=' : ComparisonOperator;
  const seconds = [...new Set(periods)].join(' and ');
  const { Threshold, DatapointsToAlarm, EvaluationPeriods } = alarm;
  return `${text} ${operator} ${Threshold} in ${DatapointsToAlarm} of ${EvaluationPeriods} periods of ${seconds} s`;
}

/** Of the dimensions, which say what the metric is of, the reason of a rejection alone. */
function metricText(
  statistic: unknown,
  { Namespace, MetricName, Dimensions = [] }: MetricProperties,
): string {
  const reasons = Dimensions.filter(({ Name }) => Name === 'reason').map(({ Value }) => ` ${Value}`);
  return `${statistic}(${Namespace} ${MetricName}${reasons.join('')})`;
}

/** The expression with its metrics in the place of their ids. @throws Error when it is not all that is returned */
function expressionOf(queries: readonly Query[]): { text: string; periods: readonly number[] } {
  const [returned, ...others] = queries.filter(({ ReturnData }) => ReturnData !== false);
  if (returned?.Expression === undefined || others.length > 0) throw new Error('Not one expression');
  const metrics = queries.flatMap(({ Id, MetricStat }) => (MetricStat ? [{ Id, ...MetricStat }] : []));
  const texts = new Map(metrics.map(({ Id, Stat, Metric }) => [Id, metricText(Stat, Metric)]));
  const text = returned.Expression.replace(/\b[a-z]\w*\b/g, (id) => texts.get(id) ?? id);
  return { text, periods: metrics.map(({ Period }) => Period) };
}
