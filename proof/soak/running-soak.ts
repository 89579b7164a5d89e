import { type Channel, Expectations } from '../../client/expectations.ts';
import { ownBeacon } from '../../client/own-beacon.ts';
import { kafkaContext, ownKafka } from '../../client/own-kafka.ts';
import { lotteryResources, lotterySettings } from '../../client/resources.ts';
import { openStreams } from '../../client/streams/open.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import { environments } from '../../lib/environments.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { resolveEnvironments } from '../../lib/resolve-settings.ts';
import type { Cleanup } from '../../local/cleanup.ts';
import { type Clock, systemClock } from '../../local/clock.ts';
import type { Emulation } from '../../local/event-source-mapping/index.ts';
import { Faults } from '../../local/faults/faults.ts';
import { refusalLine } from '../../local/iam/refusal.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { AppOptions, Runtime, RuntimeSettings } from '../../local/runtime-options.ts';
import type { Players } from '../simulation/players.ts';
import { signaturesFrom } from './chain-signatures.ts';
import { FunctionMetrics } from './function-metrics.ts';
import { Observations, type Watch } from './observations.ts';
import { type SoakOptions, soakContext } from './options.ts';
import { playersOf } from './players.ts';
import { RecordPutter } from './record-putter.ts';
import { ownClient, Watcher } from './watcher.ts';

/** Instead of two minutes, so that a window which nothing ticks any more does not decide how long draining takes. */
const emulation: Partial<Emulation> = { idleWindowCloseMs: 5_000 };

/** How old the events of a replay are. */
const REPLAYED_AGE_MS = 400 * 86_400_000;

/** Everything that one soak works with. */
export interface RunningSoak {
  options: SoakOptions;
  clock: Clock;
  runtime: Runtime;
  faults: Faults;
  players: Players;
  /** Of those who stand outside. */
  outer: OuterStreams;
  putter: RecordPutter;
  watcher: Watch;
  expectations: Expectations;
  /** What was redriven. Default: nothing. */
  redriven?: {
    /** Ids of records that were given up and passed over: nothing comes of them. */
    leftOut: Readonly<Record<Channel, ReadonlySet<string>>>;
    /** Ids of records of user-events-input that may have come after their draw. */
    late: ReadonlySet<string>;
  };
  metrics: Pick<FunctionMetrics, 'replays' | 'conflicts' | 'earlyWindows'>;
  /** What the beacon's chain has signed for a round that is published: from itself, not by its mirrors. Hex. */
  signatureOf: (round: number) => Promise<string>;
}

/** @throws Error when the runtime does not start; what was started is stopped by the caller's cleanup */
export async function startSoak(options: SoakOptions, cleanup: Cleanup): Promise<RunningSoak> {
  const { seed, signal } = options;
  const clock = systemClock;
  const failures = new AbortController();
  const fail = (error: unknown) => failures.abort(error);
  signal?.addEventListener('abort', () => fail(signal.reason), { once: true });
  const faults = new Faults({ seed, clock, ...(options.rates && { rates: options.rates }) });
  const metrics = new FunctionMetrics();
  const runtime = await startRuntime({
    ...{ ...appOf(options), ...ownBeacon, ...kafkaOf(options) },
    clock,
    emulation,
    intercept: faults.intercept,
    wrapHost: faults.wrapHost,
    observer(event) {
      metrics.observe(event);
      if (event.type === 'engineFailed') fail(event.error);
      if (event.type === 'accessDenied') fail(new Error(refusalLine(event.refusal)));
    },
  });
  cleanup.add(() => runtime.stop());
  const kinesis = ownClient(runtime);
  cleanup.add(() => kinesis.destroy());
  const outer = await openStreams(runtime.outputs, kinesis);
  cleanup.add(() => outer.close());
  const { lambdaEndpoint, beacon } = runtime;
  const signatureOf = signaturesFrom(lambdaEndpoint, beacon?.chain.chainHash ?? '');
  const soak = soakOn(
    { options, clock, runtime, faults, metrics, outer, signatureOf },
    (observations) => new Watcher({ outer, clock, observations, fail, signal: failures.signal }),
  );
  cleanup.add(() => soak.watcher.stop());
  cleanup.add(() => faults.stop());
  faults.start(runtime, fail);
  return soak;
}

type Shared = 'outer' | 'options' | 'clock' | 'runtime' | 'faults' | 'metrics' | 'signatureOf';
type Parts = Pick<RunningSoak, Shared>;

/** The players and who watches them, on whatever runs the app. */
export function soakOn(parts: Parts, watch: (observations: Observations) => Watch): RunningSoak {
  const { options, clock, runtime, outer } = parts;
  const resources = lotteryResources(runtime);
  const isReplay = lotterySettings(runtime).toleranceMs === undefined;
  const now = () => clock.now() - (isReplay ? REPLAYED_AGE_MS : 0);
  // A replay is completed, however far ahead its last windows lie.
  const until = isReplay ? () => Number.POSITIVE_INFINITY : now;
  const expectations = new Expectations({ windowMs: resources.windowMs, now: until });
  return {
    ...parts,
    expectations,
    watcher: watch(new Observations(resources, expectations)),
    players: playersOf(runtime, { seed: options.seed, users: options.players, now }),
    putter: new RecordPutter(
      outer,
      { dynamodb: runtime.clients.dynamodb, table: runtime.outputs.GrantsTableName ?? '' },
      clock,
      resources,
    ),
  };
}

function appOf(options: SoakOptions): AppOptions {
  const { assembly, environment, signal } = options;
  if (assembly) return { assembly };
  return { project: projectRoot, stage: environment, context: contextOf(options), signal };
}

function kafkaOf(options: SoakOptions): Pick<RuntimeSettings, 'kafka'> {
  const { environment, kafka } = options;
  if (kafka === undefined) return {};
  return ownKafka(environment, kafka, resolveEnvironments(environments, contextOf(options)).get(environment));
}

function contextOf({ environment, kafka, context }: SoakOptions): Record<string, unknown> {
  return { ...soakContext(environment), ...kafkaContext(environment, kafka), ...context };
}
