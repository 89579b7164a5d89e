/**
 * `npm start`: one environment of the app on this machine.
 * Exit code 0: ended by Ctrl-C, or all lines of the input are processed; 1: one of them was no event, or there were
 * none, or something failed; 130: Ctrl-C ended a replay.
 */
import type { MappingEvent } from '../event-source-mapping/index.ts';
import { Faults } from '../faults/faults.ts';
import { startRuntime } from '../runtime.ts';
import type { Runtime, RuntimeEvent, RuntimeOptions } from '../runtime-options.ts';
import { problemOf } from './command-options.ts';
import { assemblyIn, makeDataDirectory } from './directories.ts';
import { type Input, openInput, STANDARD_INPUT } from './input.ts';
import { parseOptions, type StartOptions } from './options.ts';
import { Screen } from './screen.ts';
import { Session } from './session.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const SAME_INTERRUPT_MS = 1_000;

const EXIT_FAILED = 1;
/** As shells report a process that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

const options = parseOptions(process.argv);
const ending = new AbortController();
const screen = new Screen({
  json: options.json ?? false,
  ...{ stdout: process.stdout, stderr: process.stderr },
  onClosed: () => ending.abort(),
});
const faults = options.faults === undefined ? undefined : new Faults({ seed: options.faults });
let interruptedAt: number | undefined;
let failure: unknown;

process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

try {
  const input = options.events === undefined ? undefined : await openInput(options.events);
  await run(input);
  // Ctrl-C is the way to end a live run, but a replay was not finished.
  if (interruptedAt !== undefined && input !== undefined) process.exitCode = EXIT_INTERRUPTED;
} catch (error) {
  failure ??= error;
}
if (failure !== undefined) {
  screen.note(failure instanceof Error ? failure.message : String(failure));
  process.exitCode = EXIT_FAILED;
}
// A read that nobody waits for any more would keep the process.
if (options.events === STANDARD_INPUT) process.stdin.destroy();

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

async function run(input: Input | undefined): Promise<void> {
  // What a replay puts, and all tables, would be in memory otherwise. What still grows with it is what is known of each
  // draw and winner (Progress, OpenDraws, Summary) and, where tables have point-in-time recovery, their journal.
  const temporary = input && options.data === undefined ? temporaryDirectory() : undefined;
  try {
    const runtime = await start(temporary?.path ?? options.data, input !== undefined);
    if (runtime) await work(runtime, input);
  } finally {
    temporary?.remove();
  }
}

/** @returns undefined when it was interrupted */
async function start(dataDir: string | undefined, isReplay: boolean): Promise<Runtime | undefined> {
  const { signal } = ending;
  const app = appOf(options);
  if (options.data !== undefined) makeDataDirectory(options.data);
  if (!app.assembly) screen.note(`Synthesizing the ${options.env} environment ...`);
  try {
    return await startRuntime({
      environment: options.env,
      ...app,
      port: options.port,
      observer,
      signal,
      ...(faults && { intercept: faults.intercept, wrapHost: faults.wrapHost }),
      ...(dataDir === undefined ? {} : { dataDir }),
      // Each would be one more copy of the function, and nobody waits for the ticks of a replay.
      ...(isReplay && { emulation: { sqsConcurrency: 1 } }),
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function work(runtime: Runtime, input: Input | undefined): Promise<void> {
  faults?.start(runtime, fail);
  try {
    await disableMappings(runtime);
    const session = new Session({ runtime, screen, signal: ending.signal });
    if (input === undefined) await session.live(options.players);
    else if (!(await session.replay(input))) process.exitCode = EXIT_FAILED;
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

/** @throws Error in a line when there is no such app, environment or setting. */
function appOf({ assembly, env, ...rest }: StartOptions): Pick<RuntimeOptions, 'assembly' | 'context'> {
  if (assembly !== undefined) return { assembly: assemblyIn(assembly, env) };
  const context = contextOf({ env, ...rest });
  const problem = problemOf(env, context);
  if (problem !== undefined) throw new Error(problem);
  return { context };
}

/** A file of old events is replayed whatever its events' age. */
function contextOf({
  env,
  events,
  context,
  faults: seed,
}: Omit<StartOptions, 'assembly'>): Record<string, string> {
  return {
    // Many lines come at once, and a user is written once a batch.
    ...(events === undefined
      ? {}
      : { [`${env}:clockToleranceSeconds`]: 'off', [`${env}:userEventsBatchSize`]: '10000' }),
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
