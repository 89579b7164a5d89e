import { lotteryResources } from '../../client/resources.ts';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import { Faults } from '../../local/faults/faults.ts';
import type { FaultRates } from '../../local/faults/plan.ts';
import { Random } from '../../local/faults/random.ts';
import { refusalLine } from '../../local/iam/refusal.ts';
import { audited, type Drained, drained } from '../soak/drain.ts';
import { close, open, playEvents } from '../soak/play.ts';
import type { SoakReport } from '../soak/report.ts';
import { soakOn } from '../soak/running-soak.ts';
import { simulatedChain } from './beacon.ts';
import { untoldOutage, withBeaconOutage } from './beacon-outage.ts';
import { conditionsOf, conditionsOnTopics } from './conditions.ts';
import { DirectWatch } from './direct-watch.ts';
import { BrokenCode, outage, redriveResources } from './outage.ts';
import { wronglyLeftOut } from './passed-over.ts';
import { startSimulatedRuntime } from './runtime.ts';
import { Scheduler } from './scheduler.ts';
import { SimulationMetrics } from './simulation-metrics.ts';
import { pauseLotteries, withSlowLotteries } from './slow-lotteries.ts';
import { takeAway } from './taken-away.ts';
import { mappingLine, type Trace } from './trace.ts';
import { warmUp } from './warm-up.ts';

/** 14 November 2023: any time does, and it is the same in every run. */
const START_MS = 1_700_000_000_000;

/** Thrice as long as the beacon may be out of reach: what has not come by then never comes, and each second costs some steps. */
const DRAIN_SECONDS = 900;

/** How much of the events come before other things go wrong, where a run begins with broken code. */
const OUTAGE_SHARE = 0.4;

export interface SimulationOptions {
  readonly seed: number | string;
  /** How many events the players put. */
  readonly events: number;
  /** How many of them a second. Default: what the seed chooses. */
  readonly eventsPerSecond?: number;
  readonly assembly: Assembly;
  readonly environment: string;
  readonly rates?: Partial<FaultRates>;
  /** Default: nobody is told. */
  readonly trace?: (line: string) => void;
}

export interface SimulationReport extends SoakReport {
  /** How long it was by the simulation's clock, ms. */
  readonly virtualMs: number;
  /** Events of the scheduler. */
  readonly steps: number;
  /** Records that a mapping gave up; all but those that were passed over were redriven. */
  readonly givenUp: number;
  readonly passedOver: number;
  /** How often it was told that a round of the beacon is missing. */
  readonly beaconMissing: number;
  /** How often it was told that a block is missing, or is another than was put. */
  readonly blocksMissing: number;
  /** What a shard of a stream or a partition of a table had no room for in its second, by operation. */
  readonly throttled: Readonly<Record<string, number>>;
}

type Counted = Pick<
  SimulationReport,
  'givenUp' | 'passedOver' | 'beaconMissing' | 'blocksMissing' | 'throttled'
>;

/** What is left of a run when its time is over. */
interface Rest extends Drained {
  readonly counted: Counted;
  /** What was found before the audit. */
  readonly wrong: readonly string[];
}

/**
 * One run of the whole pipeline in virtual time: the functions' and the mappings' own code on services in memory, under
 * faults, then an audit. The same seed gives the same run, step by step.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { seed } = options;
  await warmUp();
  const scheduler = new Scheduler(new Random(seed, 'order'), START_MS);
  const { counted, wrong, ...rest } = await scheduler.run(() => runOf(options, scheduler));
  const { violations, ...report } = await audited(rest);
  const times = { virtualMs: scheduler.now - START_MS, steps: scheduler.steps };
  return { ...report, violations: [...violations, ...wrong], ...counted, ...times };
}

async function runOf(
  { seed, events, eventsPerSecond, assembly, environment, rates, trace: tell }: SimulationOptions,
  scheduler: Scheduler,
): Promise<Rest> {
  const { clock } = scheduler;
  const trace: Trace = (line) => tell?.(`${((clock.now() - START_MS) / 1000).toFixed(3)} s  ${line()}`);
  const failures = new AbortController();
  const fail = (error: unknown) => failures.abort(error);
  const conditions = isOnTopics(assembly) ? conditionsOnTopics(seed) : conditionsOf(seed);
  const rate = eventsPerSecond ?? conditions.rate;
  const faults = new Faults({ seed, clock, rates: { ...conditions.faults, ...rates } });
  const code = new BrokenCode(seed, conditions.outage?.share ?? 0);
  const metrics = new SimulationMetrics();
  const outOfReach = timesOf(conditions.beaconOutage);
  const slow = {
    // While retries are limited nothing else goes wrong: a time-out would give up what was half done.
    times: conditions.outage ? undefined : timesOf(conditions.slowLotteries),
    functionName: `${environment}-lottery-events`,
    clock,
  };
  let watch: DirectWatch | undefined;
  const runtime = await startSimulatedRuntime({
    ...{ scheduler, seed, assembly, trace, telemetry: metrics },
    onThrottled: metrics.throttle,
    emulation: conditions.emulation,
    ...{ inputJitterMs: conditions.inputJitterMs, kafka: conditions.kafka },
    variables: {
      // Kafka batches records by itself.
      AGGREGATE_OUTPUTS: conditions.aggregatesOutputs && conditions.connector === 'kinesis' ? 'on' : 'off',
      ...(conditions.replay && { CLOCK_TOLERANCE_SECONDS: 'off' }),
    },
    intercept: withSlowLotteries(slow, withBeaconOutage(outOfReach, clock.now, faults.intercept)),
    wrapHost: (host, functionName) => faults.wrapHost(code.wrapHost(host, functionName), functionName),
    onRecord: (record) => watch?.add(record),
    observer(event) {
      metrics.observe(event);
      if (event.type === 'accessDenied') fail(new Error(refusalLine(event.refusal)));
      if (event.type === 'mapping') trace(() => mappingLine(event.functionName, event.event));
    },
  });
  const soakOptions = {
    ...{ environment, seed, players: 40, drainSeconds: DRAIN_SECONDS, rate, seconds: events / rate },
    command: `npm run simulate -- --seed ${seed} --events ${events}`,
  };
  const signatureOf = async (round: number) => simulatedChain().signatureOf(round);
  const parts = {
    ...{ options: soakOptions, clock, runtime, faults, metrics, signatureOf },
    outer: runtime.outerOf('soak'),
  };
  const soak = soakOn(parts, (observations) => {
    watch = new DirectWatch(observations, failures.signal);
    return watch;
  });
  const { expectations, watcher } = soak;
  const resources = lotteryResources(runtime);
  const operator = { runtime, resources, expectations, clock, trace, random: new Random(seed, 'operator') };
  try {
    await open(soak);
    const early = conditions.outage === undefined ? 0 : Math.ceil(events * OUTAGE_SHARE);
    const during = async () => {
      await playEvents(soak, early);
      await clock.sleep(conditions.aftermathMs);
    };
    const redriven = conditions.outage && (await outage(conditions.outage, code, operator, during));
    const leftOut = redriven?.leftOut;
    faults.start(runtime, fail);
    const { takenAway } = conditions;
    const amid = async (afterMs: number | undefined) => {
      if (takenAway === undefined || afterMs === undefined) return;
      await clock.sleep(afterMs);
      await takeAway(takenAway, operator, () => metrics.blocksMissing);
    };
    await Promise.all([
      playEvents(soak, events - early),
      amid(takenAway?.afterMs),
      pauseLotteries(slow, runtime.mappings.get(slow.functionName) ?? []),
    ]);
    await close(soak);
    if (takenAway?.afterMs === undefined) await amid(0);
    await clock.sleep(conditions.aftermathMs);
    const rest = await drained({ ...soak, ...(redriven && { redriven }) });
    const passedOver = leftOut ? leftOut.lottery.size + leftOut.user.size : 0;
    const wrong = leftOut
      ? await wronglyLeftOut(leftOut, watcher, redriveResources(operator), `${environment}-user-events`)
      : [];
    const { givenUp, throttled, beaconMissing, blocksMissing } = metrics;
    const untold = untoldOutage(outOfReach, rest.evidence.closed, beaconMissing);
    const counted = { givenUp, passedOver, throttled, beaconMissing, blocksMissing };
    return { ...rest, wrong: [...wrong, ...untold], counted };
  } finally {
    await watcher.stop();
    await runtime.stop();
  }
}

function isOnTopics({ stacks }: Assembly): boolean {
  return stacks.some(({ template }) => 'KafkaBootstrapServers' in (template.Outputs ?? {}));
}

/** Of what begins so long after the run does, and ends. */
function timesOf<Lasting extends { readonly afterMs: number; readonly forMs: number }>(
  lasting: Lasting | undefined,
): (Lasting & { readonly from: number; readonly until: number }) | undefined {
  if (lasting === undefined) return undefined;
  const from = START_MS + lasting.afterMs;
  return { ...lasting, from, until: from + lasting.forMs };
}
