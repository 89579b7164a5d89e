import { rmSync } from 'node:fs';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { buildApp } from '../../lib/app.ts';
import { EnvironmentStage } from '../../lib/environment-stage.ts';
import { environments } from '../../lib/environments.ts';

/** Metrics that the alarms of an environment watch: CloudWatch bills an alarm by them. */
export function alarmMetrics(environment: string, context: Record<string, unknown>): number {
  const { [environment]: settings } = environments;
  if (settings === undefined) throw new Error(`${environment} is not an environment`);
  const own = Object.entries(context).filter(([key]) => key.startsWith(`${environment}:`));
  const app = buildApp(
    { ...Object.fromEntries(own), 'aws:cdk:bundling-stacks': [] },
    { [environment]: settings },
  );
  // Made by the app at once, though nothing is synthesized here.
  rmSync(app.outdir, { recursive: true });
  const stage = app.node.findChild(environment);
  if (!(stage instanceof EnvironmentStage)) throw new Error(`${environment} is not an environment`);
  const alarms = stage.node.findAll().filter((one) => one instanceof CfnAlarm);
  return alarms.reduce((sum, alarm) => sum + metricsOf(alarm.stack.resolve(alarm.metrics)), 0);
}

/** The expression of an alarm is not a metric; an alarm without one watches a single metric. */
function metricsOf(metrics: readonly { metricStat?: unknown }[] | undefined): number {
  return metrics === undefined ? 1 : metrics.filter(({ metricStat }) => metricStat !== undefined).length;
}
