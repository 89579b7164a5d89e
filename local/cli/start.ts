/** `npm start`: one environment of the app on this machine. */
import { openAssembly } from '../assembly.ts';
import { systemClock } from '../clock.ts';
import type { MappingEvent } from '../event-source-mapping/index.ts';
import { Faults } from '../faults/faults.ts';
import { lotteryResources } from '../lottery-resources.ts';
import { startRuntime } from '../runtime.ts';
import type { Runtime, RuntimeEvent } from '../runtime-options.ts';
import { type EventLine, readEventLines } from './event-lines.ts';
import { Follower } from './follower.ts';
import { guide } from './guide.ts';
import { parseOptions, type StartOptions } from './options.ts';
import { play } from './players.ts';
import { Producer } from './producer.ts';
import { Progress } from './progress.ts';
import { replay } from './replay.ts';
import { Screen } from './screen.ts';

/** Longer than an idle window of Lambda stays open (two minutes), so that a slow draw is not taken for a lost one. */
const STALL_MS = 180_000;

const SAME_INTERRUPT_MS = 1_000;

const EXIT_FAILED = 1;
/** As shells report a process that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

const options = parseOptions(process.argv);
const ending = new AbortController();
const screen = new Screen(options.json, () => ending.abort());
const faults = options.faults === undefined ? undefined : new Faults({ seed: options.faults });
let interruptedAt: number | undefined;
let failure: unknown;

process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

try {
  const lines = options.events === undefined ? undefined : await readEventLines(options.events);
  await run(lines);
  // Ctrl-C is the way to end a live run, but a replay was not finished.
  if (interruptedAt !== undefined && lines !== undefined) process.exitCode = EXIT_INTERRUPTED;
} catch (error) {
  failure ??= error;
}
if (failure !== undefined) {
  screen.note(failure instanceof Error ? failure.message : String(failure));
  process.exitCode = EXIT_FAILED;
}

/**
 * A second Ctrl-C does not wait for a clean end. One Ctrl-C comes twice, from the terminal and from npm, which
 * passes it on: what follows at once is the same one.
 */
function interrupt(): void {
  interruptedAt ??= Date.now();
  if (Date.now() - interruptedAt > SAME_INTERRUPT_MS) process.exit(EXIT_INTERRUPTED);
  ending.abort();
}

function fail(error: unknown): void {
  failure = error;
  ending.abort();
}

async function run(lines: readonly EventLine[] | undefined): Promise<void> {
  const { signal } = ending;
  const { assembly } = options;
  if (assembly === undefined) screen.note(`Synthesizing the ${options.env} environment ...`);
  const runtime = await startRuntime({
    environment: options.env,
    ...(assembly === undefined
      ? { context: contextOf(options) }
      : { assembly: openAssembly(assembly, options.env) }),
    port: options.port,
    observer,
    signal,
    ...(faults && { intercept: faults.intercept, wrapHost: faults.wrapHost }),
    ...(options.data === undefined ? {} : { dataDir: options.data }),
  }).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (!runtime) return;
  faults?.start(runtime, fail);
  try {
    await disableMappings(runtime);
    await work(runtime, lines);
  } finally {
    ending.abort();
    await faults?.stop();
    if (faults) screen.note(`Injected ${faults.log.total} faults: ${JSON.stringify(faults.log.byKind)}`);
    await runtime.stop();
  }
}

async function disableMappings({ mappings }: Runtime): Promise<void> {
  for (const name of options.disable) {
    const disabled = mappings.get(`${options.env}-${name}`);
    if (!disabled)
      throw new Error(`--disable: no function '${name}', only ${[...mappings.keys()].join(', ')}`);
    for (const mapping of disabled) await mapping.disable();
    screen.note(`The event source mapping of ${name} is disabled`);
  }
}

async function work(runtime: Runtime, lines: readonly EventLine[] | undefined): Promise<void> {
  const { signal } = ending;
  const clock = systemClock;
  const resources = lotteryResources(runtime);
  const { kinesis } = runtime.clients;
  const producer = new Producer(kinesis, resources);
  const progress = new Progress({ windowMs: resources.windowMs, now: () => clock.now() });
  const follower = new Follower({
    kinesis,
    clock,
    streams: [resources.lotteryEventsOutput, resources.userEventsOutput],
    onRecord(record) {
      const event = screen.show(record);
      if (event)
        progress.observe(record.stream === resources.lotteryEventsOutput ? 'lottery' : 'user', event);
    },
  });
  screen.say(guide(runtime, resources));
  const following = follower.run(signal);
  if (lines === undefined) {
    await Promise.all([following, options.players ? play(producer, clock, signal) : undefined]);
    return;
  }
  const mappings = [...runtime.mappings.values()].flat();
  const replaying = replay({
    lines,
    producer,
    progress,
    follower,
    mappings,
    clock,
    signal,
    stallMs: STALL_MS,
  });
  await Promise.race([following, replaying]).finally(() => ending.abort());
  await Promise.allSettled([following, replaying]);
  for (const what of progress.later) screen.note(`Not waited for, it lies too far in the future: ${what}`);
}

/** A file of old events is replayed whatever its events' age. */
function contextOf({ env, events, context, faults: seed }: StartOptions): Record<string, string> {
  return {
    ...(events === undefined ? {} : { [`${env}:clockToleranceSeconds`]: 'off' }),
    // A call that hangs shall time its function out soon.
    ...(seed === undefined ? {} : { [`${env}:timeoutSeconds`]: '5' }),
    ...context,
  };
}

function noteMapping(functionName: string, event: MappingEvent): void {
  if (event.type === 'failed') {
    screen.note(`${functionName} failed on ${event.records} records: ${event.reason}`);
  } else if (event.type === 'loopStopped') {
    screen.note(
      `${functionName} was invoked too often in one chain: ${event.records} messages are held back`,
    );
  }
}

function observer(event: RuntimeEvent): void {
  switch (event.type) {
    case 'functionLog':
      if (options.verbose) screen.note(`[${event.functionName}] ${event.line}`);
      break;
    case 'mapping':
      noteMapping(event.functionName, event.event);
      break;
    case 'warning':
      screen.note(event.message);
      break;
    case 'engineFailed':
      fail(event.error);
      break;
    default:
      event satisfies never;
  }
}
