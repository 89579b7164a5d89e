import { ownBeacon } from '../../client/own-beacon.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { systemClock } from '../../local/clock.ts';
import type { MappingEvent } from '../../local/event-source-mapping/index.ts';
import { Faults } from '../../local/faults/faults.ts';
import { refusalLine } from '../../local/iam/refusal.ts';
import { ThrottledError } from '../../local/limited-host.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { AppOptions, Runtime, RuntimeEvent } from '../../local/runtime-options.ts';
import type { Input } from '../input.ts';
import { announce } from './announce.ts';
import { assemblyIn, makeDirectoryOf } from './directories.ts';
import { Activity } from './local-api/activity.ts';
import type { StartOptions } from './options.ts';
import { servePage } from './page.ts';
import { Screen } from './screen.ts';
import { Session } from './session.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { Throttling } from './throttling.ts';

/**
 * Runs an environment on this machine: live until it is ended, or until an input is processed.
 * @param ending ends it; it is aborted here as well, when everything stops
 * @returns whether each line of the input was an event, and there was one
 * @throws Error in a line when it cannot be started, or something of it failed
 */
export async function runEnvironment(
  options: StartOptions,
  input: Input | undefined,
  ending: AbortController,
): Promise<boolean> {
  // What a replay puts, and all tables, would be in memory otherwise. What still grows with it is what is known of each
  // draw and winner (Expectations, OpenDraws, Summary) and, where tables have point-in-time recovery, their journal.
  const temporary = input && options.data === undefined ? temporaryDirectory() : undefined;
  try {
    return await new Run(options, input, ending).run(temporary?.path ?? options.data);
  } finally {
    temporary?.remove();
  }
}

class Run {
  readonly #options: StartOptions;
  readonly #input: Input | undefined;
  readonly #ending: AbortController;
  readonly #screen: Screen;
  readonly #faults: Faults | undefined;
  readonly #throttling = new Throttling();
  readonly #activity = new Activity(() => systemClock.now());
  #failure: unknown;

  constructor(options: StartOptions, input: Input | undefined, ending: AbortController) {
    this.#options = options;
    this.#input = input;
    this.#ending = ending;
    this.#screen = new Screen({
      json: options.json ?? false,
      ...{ stdout: process.stdout, stderr: process.stderr },
      onClosed: () => ending.abort(),
    });
    this.#faults = options.faults === undefined ? undefined : new Faults({ seed: options.faults });
  }

  async run(dataDir: string | undefined): Promise<boolean> {
    let isDone = true;
    try {
      const runtime = await this.#start(dataDir);
      if (runtime) isDone = await this.#work(runtime);
    } catch (error) {
      this.#failure ??= error;
    }
    if (this.#failure !== undefined) throw this.#failure;
    return isDone;
  }

  /** @returns undefined when it was interrupted */
  async #start(dataDir: string | undefined): Promise<Runtime | undefined> {
    const { env, data, sheets, port, iam, limits = false } = this.#options;
    const { signal } = this.#ending;
    const faults = this.#faults;
    const app = appOf(this.#options, signal);
    if (data !== undefined) makeDirectoryOf('--data', data);
    if (sheets !== undefined) makeDirectoryOf('--sheets', sheets);
    if (!app.assembly) this.#screen.note(`Synthesizing the ${env} environment ...`);
    try {
      return await startRuntime({
        ...app,
        ...{ ...ownBeacon, port, iam, limits },
        observer: (event) => this.#observe(event),
        ...(faults && { intercept: faults.intercept, wrapHost: faults.wrapHost }),
        ...(dataDir === undefined ? {} : { dataDir }),
        // Each would be one more copy of the function, and what a replay waits for in the end is complete at one time.
        ...(this.#input && { emulation: { sqsConcurrency: 1 } }),
      });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** @returns whether each line of the input was an event */
  async #work(runtime: Runtime): Promise<boolean> {
    const faults = this.#faults;
    const screen = this.#screen;
    faults?.start(runtime, (error) => this.#fail(error));
    // What a replay makes of a file shall be that of the file: nobody is told where to put anything else.
    const isReplay = this.#input !== undefined;
    if (!isReplay)
      servePage(this.#options.env, {
        ...{ runtime, activity: this.#activity, signal: this.#ending.signal },
        ...(faults && { faults: faults.log }),
      });
    const withdraw = isReplay ? undefined : announce(this.#options.env, runtime, screen);
    try {
      await this.#disableMappings(runtime);
      const session = new Session({
        ...{ runtime, screen, signal: this.#ending.signal },
        ...{ directory: this.#options.data, sheetsDirectory: this.#options.sheets },
      });
      const isDone = this.#input === undefined || (await session.replay(this.#input));
      if (this.#input === undefined) await session.live(this.#options.players);
      await session.keepSheets();
      return isDone;
    } finally {
      withdraw?.();
      this.#ending.abort();
      await faults?.stop();
      if (this.#throttling.text !== undefined) screen.note(this.#throttling.text);
      if (faults) screen.note(`Injected ${faults.log.total} faults: ${JSON.stringify(faults.log.byKind)}`);
      await runtime.stop();
    }
  }

  async #disableMappings({ mappings }: Runtime): Promise<void> {
    for (const name of this.#options.disable) {
      const disabled = mappings.get(`${this.#options.env}-${name}`);
      if (!disabled)
        throw new Error(`--disable: no function '${name}', only ${[...mappings.keys()].join(', ')}`);
      for (const mapping of disabled) await mapping.disable();
      this.#screen.note(`The event source mapping of ${name} is disabled`);
    }
  }

  #observe(event: RuntimeEvent): void {
    this.#activity.observe(event);
    switch (event.type) {
      case 'functionLog':
        if (this.#options.verbose) this.#screen.note(`[${event.functionName}] ${event.line}`);
        break;
      case 'mapping':
        this.#noteMapping(event.functionName, event.event);
        break;
      case 'accessDenied':
        // No retry makes it go: a right that is missing now is missing for the whole run.
        this.#fail(new Error(refusalLine(event.refusal)));
        break;
      case 'throttled': {
        const line = this.#throttling.observe(event);
        if (line !== undefined) this.#screen.note(line);
        break;
      }
      case 'warning':
        this.#screen.note(event.message);
        break;
      case 'engineFailed':
        this.#fail(event.error);
        break;
      default:
        event satisfies never;
    }
  }

  #noteMapping(functionName: string, event: MappingEvent): void {
    // Whoever paused it knows, and it is tried once a second.
    if (event.type === 'failed' && event.error instanceof ThrottledError) return;
    if (event.type === 'failed') {
      this.#screen.note(`${functionName} failed on ${event.records} records: ${event.reason}`);
    } else if (event.type === 'loopStopped') {
      this.#screen.note(
        `${functionName} was invoked too often in one chain: ${event.records} messages are held back`,
      );
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#ending.abort();
  }
}

/** @throws Error in a line when there is no such app in the directory */
function appOf(options: StartOptions, signal: AbortSignal): AppOptions {
  const { assembly, env } = options;
  if (assembly !== undefined) return { assembly: assemblyIn(assembly, env) };
  return { project: projectRoot, stage: env, context: contextOf(options), signal };
}

/** A file of old events is replayed whatever its events' age. */
function contextOf({ env, events, context, faults: seed }: StartOptions): Record<string, string> {
  return {
    // Many lines come at once, and a user is written once a batch.
    ...(events === undefined
      ? {}
      : {
          [`${env}:clockToleranceSeconds`]: 'off',
          [`${env}:userEventsBatchSize`]: '10000',
          // Nobody looks on: the page would count what is over before it is seen.
          [`${env}:livePage`]: 'off',
        }),
    // A call that hangs shall time its function out soon.
    ...(seed === undefined ? {} : { [`${env}:timeoutSeconds`]: '5' }),
    ...context,
  };
}
