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

/** Properties of every alarm, by name. */
export function alarms(processing: Template): Map<string, Record<string, unknown>> {
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

function metricsOf(alarm: Record<string, unknown>): MetricProperties[] {
  const parts = alarm.Metrics as { MetricStat?: { Metric: MetricProperties } }[] | undefined;
  if (parts === undefined) {
    const { Namespace, MetricName, Dimensions } = alarm as Partial<MetricProperties>;
    if (Namespace === undefined || MetricName === undefined) throw new Error('An alarm without a metric');
    return [{ Namespace, MetricName, ...(Dimensions && { Dimensions }) }];
  }
  return parts.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
}

/** The type of the resource that a value refers to, in its own template or the one that it imports from. */
export function typeOf(value: unknown, processing: Template, stateful: Template): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = value as Record<string, unknown>;
  if (typeof imported === 'string') return typeOf(exported(stateful, imported), stateful, stateful);
  const id = Array.isArray(attribute) ? attribute[0] : Ref;
  return processing.toJSON().Resources[String(id)]?.Type;
}

function exported(template: Template, name: string): unknown {
  const outputs: { Value: unknown; Export?: { Name: string } }[] = Object.values(template.toJSON().Outputs);
  const output = outputs.find(({ Export }) => Export?.Name === name);
  if (output === undefined) throw new Error(`Nothing is exported as ${name}`);
  return output.Value;
}
