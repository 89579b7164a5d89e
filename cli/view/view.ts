import { randomUUID } from 'node:crypto';
import { type OutputEvent, parseOutputEvent } from '../../client/output-events.ts';
import { outerOutput } from '../../client/streams/open.ts';
import type { Clock } from '../../local/clock.ts';
import type { FaultLog } from '../../local/faults/kinds.ts';
import { LimitedHost } from '../../local/limited-host.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import { describe, describeForeign, printable } from '../start/describe.ts';
import type { Display } from '../start/display.ts';
import { hasPage } from '../start/page.ts';
import { timeOf } from '../times.ts';
import { type Action, initialUi, type Known, type Pressed, press } from './keys.ts';
import { lastTop, type Size } from './layout.ts';
import { ViewModel } from './model.ts';
import type { Mounted, Shown, Terminal } from './terminal.ts';

/** How often the view is drawn: a countdown goes by seconds. */
const DRAW_MS = 250;

export interface ViewOptions {
  environment: string;
  runtime: Pick<Runtime, 'mappings' | 'functions' | 'outputs' | 'page'>;
  faults?: Pick<FaultLog, 'byKind'>;
  clock: Clock;
}

export interface ViewActions {
  /** Puts an event. @returns its outcome */
  send(event: object): Promise<OutputEvent>;
  /** Ends the environment. */
  quit(): void;
}

/** An environment on a whole terminal. Until it is opened, and after it was closed, it only listens. */
export class View implements Display {
  readonly #options: ViewOptions;
  readonly #model = new ViewModel();
  /** What is on the other output stream is of users. */
  readonly #lotteryStream: string | undefined;
  readonly #since: number;
  readonly #guide: string[] = [];
  #ui = initialUi;
  #actions: ViewActions | undefined;
  #mounted: Mounted | undefined;
  #drawing: NodeJS.Timeout | undefined;

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#lotteryStream =
      options.runtime.outputs[outerOutput(options.runtime.outputs, 'LotteryEventsOutput')];
    this.#since = options.clock.now();
  }

  say(text: string): void {
    this.#guide.push(...text.split('\n').map(printable));
  }

  note(text: string): void {
    this.#model.note(text, this.#options.clock.now());
  }

  /** Of a replay, which has its lines. */
  status(): void {}

  show({ stream, data }: StreamRecord): OutputEvent | undefined {
    const event = parseOutputEvent(data);
    if (event) this.#model.observe(stream === this.#lotteryStream ? 'lottery' : 'user', event);
    else this.note(describeForeign(data));
    return event;
  }

  /** An invocation of it has failed. */
  failed(functionName: string): void {
    this.#model.failed(functionName);
  }

  async open(terminal: Terminal, actions: ViewActions): Promise<void> {
    // React of a development build keeps a measure of every render, for a profiler that nobody opens.
    process.env.NODE_ENV ??= 'production';
    const { mount } = await import('./terminal.ts');
    this.#actions = actions;
    this.#mounted = mount(terminal, this.#shown(), (pressed, size) => this.#press(pressed, size));
    this.#drawing = setInterval(() => this.#draw(), DRAW_MS);
  }

  /** The terminal is as it was before. Safe to call again. */
  async close(): Promise<void> {
    clearInterval(this.#drawing);
    const mounted = this.#mounted;
    this.#mounted = undefined;
    await mounted?.close();
  }

  #draw(): void {
    this.#mounted?.show(this.#shown());
  }

  #shown(): Shown {
    const { environment, runtime, faults, clock } = this.#options;
    const statuses = [...runtime.mappings.values()].flat().map((mapping) => {
      const status = mapping.status();
      return { ...status, isThrottled: this.#throttled(status.functionName) !== undefined };
    });
    const state = this.#model.state(clock.now(), statuses, faults?.byKind);
    return {
      ...{ environment, since: this.#since, state, ui: this.#ui, guide: this.#guide },
      ...(runtime.page && hasPage(runtime.outputs) && { page: runtime.page.url }),
    };
  }

  #press(pressed: Pressed, size: Size): void {
    const { state } = this.#shown();
    const known: Known = {
      lotteries: state.lotteries.map(({ id }) => id),
      functions: state.functions.map(({ name }) => name),
      ...{ guideTop: lastTop(this.#guide, size), now: state.at },
    };
    const { ui, action } = press(this.#ui, pressed, known);
    this.#ui = ui;
    if (action) this.#act(action);
    this.#draw();
  }

  #act(action: Action): void {
    switch (action.type) {
      case 'quit':
        this.#tell('Ending ...');
        this.#actions?.quit();
        break;
      case 'put':
        this.#tellOf(this.#send(action.event), 'Put, its outcome is to come ...');
        break;
      case 'toggle':
        this.#tellOf(
          this.#toggle(action.functionName),
          `${action.functionName}: waiting for its invocations ...`,
        );
        break;
      default:
        action satisfies never;
    }
  }

  /** What came of it takes the place of what was to come. */
  #tellOf(work: Promise<string>, before: string): void {
    this.#tell(before);
    work
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
      .then((message) => this.#tell(message));
  }

  #tell(message: string): void {
    this.#ui = { ...this.#ui, message: `${timeOf(this.#options.clock.now())} ${printable(message)}` };
    this.#draw();
  }

  async #send(event: object): Promise<string> {
    // With an id of its own a put that the SDK repeats counts once.
    const outcome = await this.#actions?.send({ ...event, eventId: randomUUID() });
    return outcome === undefined ? '' : describe(outcome, this.#options.clock.now());
  }

  /** Its host, where the function may not run: so `lottery pause` pauses the draw. */
  #throttled(functionName: string): LimitedHost | undefined {
    const host = this.#options.runtime.functions.get(functionName)?.host;
    return host instanceof LimitedHost && host.isThrottled ? host : undefined;
  }

  async #toggle(functionName: string): Promise<string> {
    const mappings = this.#options.runtime.mappings.get(functionName) ?? [];
    const throttled = this.#throttled(functionName);
    const isPaused =
      throttled !== undefined || mappings.some((mapping) => mapping.status().state === 'Disabled');
    if (throttled) throttled.reservedConcurrency = undefined;
    if (isPaused) for (const mapping of mappings) mapping.enable();
    else await Promise.all(mappings.map((mapping) => mapping.disable()));
    return `${functionName} ${isPaused ? 'goes on' : 'is paused'}`;
  }
}
