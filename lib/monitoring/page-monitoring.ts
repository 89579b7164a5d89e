import { AlarmStatusWidget, Dashboard, type IMetric, PeriodOverride } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metricNames } from '../../lambda/contract/metrics.ts';
import type { LiveProcessor } from '../constructs/live-processor.ts';
import type { LiveTable } from '../constructs/live-table.ts';
import type { Streams } from '../constructs/streams.ts';
import type { Settings } from '../settings.ts';
import type { AlarmRule } from './alarm-rule.ts';
import { knownAlarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { fullWidth, graphs, period } from './dashboard.ts';
import { functionRules } from './function-rules.ts';
import { OwnMetrics } from './own-metrics.ts';
import { tableThrottlesByKind } from './service-metrics.ts';
import { tableRule } from './storage-rules.ts';
import type { WatchedFunction } from './watched.ts';
import { WatchedInputs } from './watched-inputs.ts';

export interface PageMonitoringProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly streams: Streams;
  readonly processor: LiveProcessor;
  readonly liveTable: LiveTable;
}

/** Alarms of the page's function, and a dashboard: in the page's stack, so that an environment without a page has none of it. */
export class PageMonitoring extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { environment, settings, streams, processor, liveTable }: PageMonitoringProps,
  ) {
    super(scope, id);
    const own = new OwnMetrics(environment);
    const inputs = new WatchedInputs(streams, own);
    const live: WatchedFunction = {
      ...{ name: 'live', function: processor.handler.function, timeoutSeconds: settings.timeoutSeconds },
      ...{ late: 'page-late', lost: 'page-incomplete' },
      inputs: [
        inputs.outer('lottery-events-output', processor.handler, processor.lotteryOutputs),
        inputs.outer('user-events-output', processor.handler, processor.userOutputs),
      ],
    };
    const refused = own.count('live', metricNames.publicationsRefused);
    const { alarms } = new Alarms(this, 'Alarms', {
      ...{ environment, settings, rules: rulesOf(live, refused, { settings, liveTable }) },
      topic: (scope) => knownAlarmTopic(scope, { environment, settings }),
    });
    new Dashboard(this, 'Dashboard', {
      dashboardName: `${environment}-lottery-page`,
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: fullWidth, height: 3 })],
        graphs(ofFunction(live)),
        graphs([
          ['Messages that were refused', [refused]],
          ['Requests refused by the table of the page', Object.values(tableThrottlesByKind(liveTable.table))],
        ]),
      ],
    });
  }
}

function rulesOf(
  live: WatchedFunction,
  refused: IMetric,
  { settings, liveTable }: Pick<PageMonitoringProps, 'settings' | 'liveTable'>,
): AlarmRule[] {
  return [
    ...functionRules(live, settings),
    // A message that is refused comes again with its batch. AppSync counts refusals too, but also those of anybody else.
    { kind: 'page-refused', metric: refused, threshold: 1, breaching: 3, evaluated: 5 },
    tableRule('live', liveTable.table),
  ];
}

function ofFunction({ function: target, inputs: [first] }: WatchedFunction): [string, IMetric[]][] {
  return [
    ['Age of what the function gets (ms)', first === undefined ? [] : [first.age]],
    ['Duration (ms, maximum)', [target.metricDuration({ statistic: 'Maximum', period })]],
    ['Errors', [target.metricErrors({ period })]],
    ['Invocations', [target.metricInvocations({ period })]],
  ];
}
