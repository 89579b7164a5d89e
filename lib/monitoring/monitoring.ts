import { Construct } from 'constructs';
import type { ArchiveProcessor } from '../constructs/archive-processor.ts';
import type { DrawProcessor } from '../constructs/draw-processor.ts';
import type { LotteryEventsProcessor } from '../constructs/lottery-events-processor.ts';
import type { ProcessorProps } from '../constructs/processor-props.ts';
import type { TicksProcessor } from '../constructs/ticks-processor.ts';
import type { UserEventsProcessor } from '../constructs/user-events-processor.ts';
import { alarmRules } from './alarm-rules.ts';
import { alarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { LotteryDashboard } from './dashboard.ts';
import { OwnMetrics } from './own-metrics.ts';
import { type Watched, type WatchedFunction, watchedInput } from './watched.ts';

export interface MonitoringProps extends ProcessorProps {
  readonly lotteryEvents: LotteryEventsProcessor;
  readonly userEvents: UserEventsProcessor;
  readonly draw: DrawProcessor;
  readonly tickConsumer: TicksProcessor;
  readonly archive: ArchiveProcessor;
}

/** Alarms that tell people, and one dashboard to look at when they do. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { environment, encryption, settings, streams, tables, ticks } = props;
    const own = new OwnMetrics(environment);
    const watched: Watched = { settings, own, functions: watchedFunctions(props), streams, tables, ticks };
    const { alarms } = new Alarms(this, 'Alarms', {
      ...{ environment, settings, rules: alarmRules(watched) },
      topic: (scope) => alarmTopic(scope, { environment, settings, encryption }),
    });
    new LotteryDashboard(this, 'Lottery', { environment, watched, alarms });
  }
}

function watchedFunctions(props: MonitoringProps): WatchedFunction[] {
  const { settings, lotteryEvents, userEvents, draw, tickConsumer, archive } = props;
  const { timeoutSeconds, ticksTimeoutSeconds } = settings;
  return [
    watchStream('lottery-events', 'lottery-events-input', lotteryEvents, timeoutSeconds),
    watchStream('user-events', 'user-events-input', userEvents, timeoutSeconds),
    watchStream('draw', 'entries', draw, timeoutSeconds),
    {
      name: 'ticks',
      function: tickConsumer.handler.function,
      timeoutSeconds: ticksTimeoutSeconds,
      inputs: [],
    },
    {
      ...{ name: 'archive', function: archive.handler.function, timeoutSeconds, late: 'archive-late' },
      inputs: [
        watchedInput('user-events-output', archive.userOutputs),
        watchedInput('lottery-events-output', archive.lotteryOutputs),
      ],
    },
  ];
}

function watchStream(
  name: WatchedFunction['name'],
  stream: string,
  { handler, input }: LotteryEventsProcessor | UserEventsProcessor | DrawProcessor,
  timeoutSeconds: number,
): WatchedFunction {
  return { name, function: handler.function, timeoutSeconds, inputs: [watchedInput(stream, input)] };
}
