import { Expectations } from '../../client/expectations.ts';
import { lotteryResources } from '../../client/resources.ts';
import { Cleanup } from '../../local/cleanup.ts';
import { type Clock, systemClock } from '../../local/clock.ts';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import type { Emulation } from '../../local/event-source-mapping/index.ts';
import { Faults } from '../../local/faults/faults.ts';
import type { FaultRates } from '../../local/faults/plan.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import { audit } from '../audit/audit.ts';
import type { Evidence } from '../audit/evidence.ts';
import { FunctionMetrics } from './function-metrics.ts';
import { Players } from './players.ts';
import { RecordPutter } from './record-putter.ts';
import { nothingInjected, type SoakReport } from './report.ts';
import { deadTicks, readStored } from './tables.ts';
import { ownClient, Watcher } from './watcher.ts';

export interface SoakOptions {
  environment: string;
  /** How long the players play, under faults. */
  seconds: number;
  players: number;
  /** Events per second, of all players together. */
  rate: number;
  /** Of the faults and of the players' events. */
  seed: number | string;
  rates?: Partial<FaultRates>;
  /** Settings for this run, beside `soakContext`. */
  context?: Readonly<Record<string, unknown>>;
  assembly?: Assembly;
  /** How long everything may take to drain after the last fault, in seconds. */
  drainSeconds: number;
  /** What reproduces the run. */
  command: string;
  onProgress?: (line: string) => void;
  /** Gives up, whatever is under way: what was started is stopped, and `runSoak` throws its reason. */
  signal?: AbortSignal;
}

/** How often players put events, and how often progress is told; ms. */
const TICK_MS = 50;
const PROGRESS_MS = 1_000;

/** How long the first start of a lottery, or the first click, may take, cold starts and faults included. */
const OPENING_MS = 180_000;

/** Instead of two minutes, so that a window which nothing ticks any more does not decide how long draining takes. */
const emulation: Partial<Emulation> = { idleWindowCloseMs: 5_000 };

/** Short windows make more draws; short time-outs make calls that hang time out soon. */
export function soakContext(environment: string): Record<string, unknown> {
  return {
    [`${environment}:windowSeconds`]: '2',
    [`${environment}:graceSeconds`]: '1',
    [`${environment}:timeoutSeconds`]: '5',
    [`${environment}:ticksTimeoutSeconds`]: '5',
    [`${environment}:ticksVisibilitySeconds`]: '30',
  };
}

/** Everything that one soak works with. */
interface Soak {
  options: SoakOptions;
  clock: Clock;
  runtime: Runtime;
  faults: Faults;
  players: Players;
  putter: RecordPutter;
  watcher: Watcher;
  expectations: Expectations;
  metrics: FunctionMetrics;
}

/**
 * Runs the pipeline with simulated players under faults; then stops the faults, lets everything drain, and audits.
 * @throws Error when the runtime does not start or a player's record is not taken; what was started is stopped
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const cleanup = new Cleanup();
  try {
    const soak = await start(options, cleanup);
    await play(soak);
    return await drainAndAudit(soak);
  } finally {
    await cleanup.run();
  }
}

async function start(options: SoakOptions, cleanup: Cleanup): Promise<Soak> {
  const { environment, seed, signal } = options;
  const clock = systemClock;
  const failures = new AbortController();
  const fail = (error: unknown) => failures.abort(error);
  signal?.addEventListener('abort', () => fail(signal.reason), { once: true });
  const faults = new Faults({ seed, clock, ...(options.rates && { rates: options.rates }) });
  const metrics = new FunctionMetrics();
  const runtime = await startRuntime({
    environment,
    clock,
    emulation,
    intercept: faults.intercept,
    wrapHost: faults.wrapHost,
    context: { ...soakContext(environment), ...options.context },
    ...(options.assembly && { assembly: options.assembly }),
    ...(signal && { signal }),
    observer(event) {
      metrics.observe(event);
      if (event.type === 'engineFailed') fail(event.error);
    },
  });
  cleanup.add(() => runtime.stop());
  const kinesis = ownClient(runtime);
  cleanup.add(() => kinesis.destroy());
  const resources = lotteryResources(runtime);
  const now = () => clock.now();
  const expectations = new Expectations({ windowMs: resources.windowMs, now });
  const watcher = new Watcher({ kinesis, clock, resources, expectations, fail, signal: failures.signal });
  cleanup.add(() => watcher.stop());
  cleanup.add(() => faults.stop());
  faults.start(runtime, fail);
  return {
    ...{ options, clock, runtime, faults, metrics, expectations, watcher },
    players: new Players({ seed, players: options.players, windowMs: resources.windowMs, now }),
    putter: new RecordPutter(kinesis, resources),
  };
}

/** The players' part: bounded by time, and by the count that the rate makes of it. */
async function play(soak: Soak): Promise<void> {
  const { options, clock, players, putter, watcher, faults } = soak;
  const most = Math.ceil(options.rate * options.seconds);
  await putter.putAll(players.opening());
  // Clicks before the first lottery has started would all be rejected.
  await opened(watcher);
  const startedAt = clock.now();
  let told = 0;
  let made = 0;
  for (;;) {
    watcher.throwIfFailed();
    const elapsed = clock.now() - startedAt;
    if (elapsed >= options.seconds * 1000 || made >= most) break;
    const due = Math.min(most, Math.floor((elapsed / 1000) * options.rate)) - made;
    await putter.putAll(Array.from({ length: due }, () => players.next()));
    made += due;
    if (elapsed - told >= PROGRESS_MS) {
      told = elapsed;
      options.onProgress?.(`${(elapsed / 1000).toFixed(0)} s: ${statusOf(soak)}, ${faults.log.total} faults`);
    }
    await clock.sleep(TICK_MS);
  }
  await clicked(soak);
  await putter.putAll(players.closing());
}

/** @throws Error when no lottery starts in time */
async function opened(watcher: Watcher): Promise<void> {
  const deadline = AbortSignal.timeout(OPENING_MS);
  try {
    await watcher.until(() => watcher.outputs.of('lottery').length > 0, deadline);
  } catch (cause) {
    if (!deadline.aborted) throw cause;
    throw new Error(`No lottery had started ${OPENING_MS / 1000} s after its event was put`, { cause });
  }
}

/**
 * Lotteries that stopped before the first click was processed, as on a busy machine, would show nothing. Where no
 * click is accepted, the audit says so.
 */
async function clicked({ watcher, putter, expectations }: Soak): Promise<void> {
  const isAccepted = () => watcher.outputs.of('user').some(({ type }) => type === 'ClickAcceptedEvent');
  const isOver = () =>
    watcher.inputs.user.length + watcher.inputs.lottery.length >= putter.count && expectations.complete;
  const deadline = AbortSignal.timeout(OPENING_MS);
  await watcher
    .until(() => isAccepted() || isOver(), deadline)
    .catch((error: unknown) => {
      if (!deadline.aborted) throw error;
    });
}

function statusOf({ putter, watcher }: Soak): string {
  return `${putter.count} events, ${watcher.outputs.of('lottery').length + watcher.outputs.of('user').length} results`;
}

async function drainAndAudit(soak: Soak): Promise<SoakReport> {
  const { faults, clock, options } = soak;
  await faults.stop();
  const stoppedAt = clock.now();
  options.onProgress?.(`faults stopped after ${faults.log.total}; draining`);
  const undrained = await drain(soak);
  const drainMs = clock.now() - stoppedAt;
  const evidence = await evidenceOf(soak);
  const found = undrained.length === 0 ? await audit(evidence) : [];
  const violations = [...found, ...nothingInjected(faults.log)];
  return report(soak, evidence, { undrained, violations, drainMs });
}

/** @returns what is missing when the time is up; nothing when all is processed, drawn and ended */
async function drain({ options, runtime, watcher, expectations, clock }: Soak): Promise<readonly string[]> {
  const deadline = AbortSignal.timeout(options.drainSeconds * 1000);
  const ending = AbortSignal.any([deadline, ...(options.signal ? [options.signal] : [])]);
  const mappings = [...runtime.mappings.values()].flat();
  const toldAt = clock.now();
  try {
    do {
      await watcher.until(() => expectations.complete, deadline);
      options.onProgress?.(`complete after ${clock.now() - toldAt} ms; looking for more`);
      for (const mapping of mappings) await mapping.drained(ending);
      await watcher.caughtUp(deadline);
    } while (!expectations.complete);
    return [];
  } catch (error) {
    if (!deadline.aborted || options.signal?.aborted) throw error;
    return expectations.missing.length > 0 ? expectations.missing : ['the mappings are not drained'];
  }
}

async function evidenceOf({ runtime, watcher, putter, options }: Soak): Promise<Evidence> {
  const { windowMs } = lotteryResources(runtime);
  options.onProgress?.('auditing');
  return {
    windowMs,
    put: putter.put,
    inputs: watcher.inputs,
    outputs: { lottery: watcher.outputs.of('lottery'), user: watcher.outputs.of('user') },
    foreign: watcher.outputs.foreign,
    ...(await readStored(runtime)),
  };
}

async function report(
  { options, faults, metrics, watcher, putter, runtime }: Soak,
  { draws, lateEntries }: Evidence,
  found: Pick<SoakReport, 'undrained' | 'violations' | 'drainMs'>,
): Promise<SoakReport> {
  const byKind = faults.log.byKind;
  return {
    seed: options.seed,
    command: options.command,
    events: putter.count,
    outcomes: watcher.outputs.counts(),
    draws: draws.length,
    moved: lateEntries.filter(({ movedTo }) => movedTo !== undefined).length,
    refunded: lateEntries.filter(({ movedTo }) => movedTo === undefined).length,
    faults: { total: faults.log.total, kinds: Object.keys(byKind).length, byKind },
    replays: metrics.replays,
    conflicts: metrics.conflicts,
    duplicates: watcher.outputs.duplicates,
    earlyWindows: metrics.earlyWindows,
    deadTicks: await deadTicks(runtime, options.environment),
    ...found,
  };
}
