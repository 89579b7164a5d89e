import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metricNames } from '../../lambda/contract/metrics.ts';
import {
  loopsStopped,
  offsetLag,
  readThrottles,
  streamThrottles,
  tableThrottlesByKind,
} from './service-metrics.ts';
import type { Watched } from './watched.ts';

export interface LotteryDashboardProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly watched: Watched;
  readonly alarms: readonly IAlarm[];
}

export const period = Duration.minutes(1);
/** A dashboard is 24 units wide. */
export const fullWidth = 24;

/** One page: what is wrong, what the lottery does, what its parts do. */
export class LotteryDashboard extends Construct {
  constructor(scope: Construct, id: string, { environment, watched, alarms }: LotteryDashboardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `${environment}-lottery`,
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: fullWidth, height: 6 })],
        graphs(lotteryWidgets(watched)),
        graphs(drawWidgets(watched)),
        graphs(waitWidgets(watched)),
        graphs(functionWidgets(watched)),
        graphs(storageWidgets(watched)),
      ],
    });
  }
}

/** Widgets side by side, equally wide. */
export function graphs(all: readonly [title: string, metrics: IMetric[]][]): IWidget[] {
  return all.map(
    ([title, left]) => new GraphWidget({ title, left, width: fullWidth / all.length, height: 6 }),
  );
}

function lotteryWidgets({ own }: Watched): [string, IMetric[]][] {
  const users = 'user-events';
  return [
    [
      'Events of users',
      [own.count(users, metricNames.eventsApplied), own.count(users, metricNames.eventsReplayed)],
    ],
    ['Rejected events of users, by reason', [own.rejectionsByReason(users)]],
    ['Rejected events of lotteries, by reason', [own.rejectionsByReason('lottery-events')]],
    [
      'Writes that conflicted or failed',
      [own.count(users, metricNames.writeConflicts), own.count(users, metricNames.writeFailures)],
    ],
  ];
}

function drawWidgets({ own }: Watched): [string, IMetric[]][] {
  return [
    [
      'From the window to its winner (ms)',
      [own.drawDelay('p50'), own.drawDelay('p90'), own.drawDelay('Maximum')],
    ],
    [
      'Partials, draws and refunds',
      [
        own.count('user-events', metricNames.partialsPublished),
        own.count('draw', metricNames.drawsMade),
        own.count('draw', metricNames.entriesRefunded),
        own.count('draw', metricNames.lotteriesEnded),
      ],
    ],
  ];
}

/** What draws wait for. */
function waitWidgets({ functions, own, ticks }: Watched): [string, IMetric[]][] {
  return [
    ['How far the slowest shard is behind (ms)', [own.watermarkDelay()]],
    ['Looks in vain for a round of the beacon', [own.count('draw', metricNames.beaconMissing)]],
    [
      'Looks in vain for blocks and seeds',
      [own.count('draw', metricNames.blocksMissing), own.count('draw', metricNames.seedsMissing)],
    ],
    [
      'Ticks and heartbeats',
      [
        ...functions.filter(({ name }) => name === 'ticks').map((one) => loopsStopped(one.function)),
        ticks.queue.metricNumberOfMessagesReceived({ period }),
        own.count('ticks', metricNames.ticksPutOff),
        own.count('ticks', metricNames.heartbeatsPut),
        ticks.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, label: 'dead letters' }),
      ],
    ],
  ];
}

function functionWidgets({ functions }: Watched): [string, IMetric[]][] {
  const each = (metric: (one: Watched['functions'][number]) => IMetric) => functions.map(metric);
  const ages = functions.flatMap(({ inputs: [first] }) => (first === undefined ? [] : [first.age]));
  const ofTopics = functions.filter(({ inputs }) => inputs.some(({ kind }) => kind === 'kafka'));
  const lags = ofTopics.map((one) => offsetLag(one.function));
  return [
    ['Age of what functions get (ms)', ages],
    ...(lags.length > 0 ? [['Records of topics that wait', lags] satisfies [string, IMetric[]]] : []),
    ['Duration (ms, maximum)', each((one) => one.function.metricDuration({ statistic: 'Maximum', period }))],
    ['Errors', each((one) => one.function.metricErrors({ period }))],
    ['Invocations', each((one) => one.function.metricInvocations({ period }))],
  ];
}

function storageWidgets({ streams, tables }: Watched): [string, IMetric[]][] {
  const all = Object.values(streams.byName);
  return [
    [
      'Records put on streams',
      all.map((stream) => stream.metricIncomingRecords({ statistic: 'Sum', period })),
    ],
    ['Records and reads refused by streams', [...all.map(streamThrottles), ...all.map(readThrottles)]],
    [
      'Write units of tables',
      Object.values(tables.byName).map((table) =>
        table.metric('ConsumedWriteCapacityUnits', { statistic: 'Sum', period }),
      ),
    ],
    [
      'Requests refused by tables',
      Object.values(tables.byName).flatMap((table) => Object.values(tableThrottlesByKind(table))),
    ],
  ];
}
