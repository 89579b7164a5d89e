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
import type { Watched, WatchedFunction } from './watched.ts';
import { WatchedInputs } from './watched-inputs.ts';

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
    const functions = watchedFunctions(props, new WatchedInputs(streams, own));
    const watched: Watched = { settings, own, functions, streams, tables, ticks };
    const { alarms } = new Alarms(this, 'Alarms', {
      ...{ environment, settings, rules: alarmRules(watched) },
      topic: (scope) => alarmTopic(scope, { environment, settings, encryption }),
    });
    new LotteryDashboard(this, 'Lottery', { environment, watched, alarms });
  }
}

function watchedFunctions(props: MonitoringProps, inputs: WatchedInputs): WatchedFunction[] {
  const { settings, lotteryEvents, userEvents, draw, tickConsumer, archive } = props;
  const { timeoutSeconds, ticksTimeoutSeconds } = settings;
  return [
    {
      ...{ name: 'lottery-events', function: lotteryEvents.handler.function, timeoutSeconds },
      inputs: [inputs.outer('lottery-events-input', lotteryEvents.handler, lotteryEvents.input)],
    },
    {
      ...{ name: 'user-events', function: userEvents.handler.function, timeoutSeconds },
      inputs: [inputs.outer('user-events-input', userEvents.handler, userEvents.input)],
    },
    {
      ...{ name: 'draw', function: draw.handler.function, timeoutSeconds },
      inputs: [inputs.entries(draw.handler, draw.input)],
    },
    {
      ...{ name: 'ticks', function: tickConsumer.handler.function, timeoutSeconds: ticksTimeoutSeconds },
      inputs: [],
    },
    {
      ...{ name: 'archive', function: archive.handler.function, timeoutSeconds, late: 'archive-late' },
      inputs: [
        inputs.outer('user-events-output', archive.handler, archive.userOutputs),
        inputs.outer('lottery-events-output', archive.handler, archive.lotteryOutputs),
      ],
    },
  ];
}
