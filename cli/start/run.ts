import { ownBeacon } from '../../client/own-beacon.ts';
import { openStreams } from '../../client/streams/open.ts';
import { systemClock } from '../../local/clock.ts';
import type { MappingEvent } from '../../local/event-source-mapping/index.ts';
import { Faults } from '../../local/faults/faults.ts';
import { refusalLine } from '../../local/iam/refusal.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { Runtime, RuntimeEvent } from '../../local/runtime-options.ts';
import type { Input } from '../input.ts';
import { isForView } from '../view/foreground.ts';
import type { View } from '../view/view.ts';
import { announce } from './announce.ts';
import { appOf, kafkaOf } from './app-options.ts';
import { makeDirectoryOf } from './directories.ts';
import type { Display } from './display.ts';
import { Activity } from './local-api/activity.ts';
import { mappingNote } from './mapping-note.ts';
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
  /** Where there is one, it has the terminal while the environment runs. */
  #view: View | undefined;
  #failure: unknown;

  constructor(options: StartOptions, input: Input | undefined, ending: AbortController) {
    this.#options = options;
    this.#input = input;
    this.#ending = ending;
    this.#screen = new Screen({
      json: options.json ?? false,
      ...{ stdout: process.stdout, stderr: process.stderr },
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
        ...{ ...ownBeacon, ...kafkaOf(this.#options), port, iam, limits },
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
    const outer = await openStreams(runtime.outputs, runtime.clients.kinesis);
    faults?.start(runtime, (error) => this.#fail(error));
    if (this.#input === undefined && isForView(this.#options)) this.#view = await this.#viewOf(runtime);
    // What a replay makes of a file shall be that of the file: nobody is told where to put anything else.
    const isReplay = this.#input !== undefined;
    if (!isReplay)
      servePage(this.#options.env, {
        ...{ runtime, outer, activity: this.#activity, signal: this.#ending.signal },
        ...(faults && { faults: faults.log }),
      });
    const withdraw = isReplay ? undefined : announce(this.#options.env, { runtime, screen: this.#display });
    try {
      await this.#disableMappings(runtime);
      const session = new Session({
        ...{ runtime, outer, screen: this.#display, signal: this.#ending.signal },
        ...{ directory: this.#options.data, sheetsDirectory: this.#options.sheets },
      });
      const isDone = this.#input === undefined || (await session.replay(this.#input));
      if (this.#input === undefined) await this.#live(session);
      await session.keepSheets();
      return isDone;
    } finally {
      withdraw?.();
      this.#ending.abort();
      await faults?.stop();
      if (this.#throttling.text !== undefined) this.#screen.note(this.#throttling.text);
      if (faults)
        this.#screen.note(`Injected ${faults.log.total} faults: ${JSON.stringify(faults.log.byKind)}`);
      await outer.close();
      await runtime.stop();
    }
  }

  async #live(session: Session): Promise<void> {
    const view = this.#view;
    try {
      await view?.open(process, {
        send: (event) => session.send(event),
        quit: () => this.#ending.abort(),
      });
      await session.live(this.#options.players);
    } finally {
      await view?.close();
      // What is still to come is said in lines.
      this.#view = undefined;
    }
  }

  /** A replay, and a run in lines, do without what it loads. */
  async #viewOf(runtime: Runtime): Promise<View> {
    const { View } = await import('../view/view.ts');
    const faults = this.#faults?.log;
    return new View({
      environment: this.#options.env,
      runtime,
      clock: systemClock,
      ...(faults && { faults }),
    });
  }

  get #display(): Display {
    return this.#view ?? this.#screen;
  }

  async #disableMappings({ mappings }: Runtime): Promise<void> {
    for (const name of this.#options.disable) {
      const disabled = mappings.get(`${this.#options.env}-${name}`);
      if (!disabled)
        throw new Error(`--disable: no function '${name}', only ${[...mappings.keys()].join(', ')}`);
      for (const mapping of disabled) await mapping.disable();
      this.#display.note(`The event source mapping of ${name} is disabled`);
    }
  }

  #observe(event: RuntimeEvent): void {
    this.#activity.observe(event);
    switch (event.type) {
      case 'functionLog':
        if (this.#options.verbose) this.#display.note(`[${event.functionName}] ${event.line}`);
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
        if (line !== undefined) this.#display.note(line);
        break;
      }
      case 'written':
        break;
      case 'warning':
        this.#display.note(event.message);
        break;
      case 'engineFailed':
        this.#fail(event.error);
        break;
      default:
        event satisfies never;
    }
  }

  #noteMapping(functionName: string, event: MappingEvent): void {
    const note = mappingNote(functionName, event);
    if (note === undefined) return;
    if (event.type === 'failed') this.#view?.failed(functionName);
    this.#display.note(note);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#ending.abort();
  }
}
