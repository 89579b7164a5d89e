import { type EventLine, route } from '../../client/event-lines.ts';
import { Expectations } from '../../client/expectations.ts';
import { Follower } from '../../client/follower.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { Producer } from '../../client/producer.ts';
import { ReplayClock, replayedUpTo } from '../../client/replay-clock.ts';
import {
  type LotteryResources,
  lotteryResources,
  lotterySettings,
  watermarksTable,
} from '../../client/resources.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import { isUnreachable } from '../../client/unreachable.ts';
import { systemClock } from '../../local/clock.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import { textOf } from '../exit-codes.ts';
import type { Input } from '../input.ts';
import type { Display } from './display.ts';
import { afterEarlier, type EarlierReplay } from './earlier-replay.ts';
import { eventLines } from './event-file.ts';
import { FileTime } from './file-time.ts';
import { guide } from './guide.ts';
import { play } from './players.ts';
import { replay } from './replay.ts';
import { Sheets } from './sheets.ts';
import { Summary } from './summary.ts';

/** Longer than an idle window of Lambda stays open (two minutes), so that a slow draw is not taken for a lost one. */
const STALL_MS = 180_000;

/** How often a terminal is told how far a replay is. */
const STATUS_MS = 250;

const clock = systemClock;

export interface SessionOptions {
  runtime: Runtime;
  outer: OuterStreams;
  screen: Display;
  /** Ends the session. */
  signal: AbortSignal;
  /** Of `--data`: what was there before may be of a replay. */
  directory?: string | undefined;
  /** Of `--sheets`. */
  sheetsDirectory?: string | undefined;
}

/** Everything that goes in and comes out of a running environment, on the screen. */
export class Session {
  readonly #runtime: Runtime;
  readonly #outer: OuterStreams;
  readonly #screen: Display;
  readonly #signal: AbortSignal;
  readonly #directory: string | undefined;
  readonly #resources: LotteryResources;
  readonly #producer: Producer;
  readonly #expectations: Expectations;
  readonly #follower: Follower;
  /** Where time is that of the events. */
  readonly #replayClock: ReplayClock | undefined;
  readonly #summary = new Summary();
  readonly #sheets: Sheets | undefined;
  /** Puts of `send` that have no answer yet. */
  #sending = 0;
  #isLive = false;

  constructor({ runtime, outer, screen, signal, directory, sheetsDirectory }: SessionOptions) {
    const resources = lotteryResources(runtime);
    this.#outer = outer;
    this.#runtime = runtime;
    this.#resources = resources;
    this.#screen = screen;
    this.#signal = signal;
    this.#directory = directory;
    this.#sheets = sheetsDirectory === undefined ? undefined : new Sheets(runtime, sheetsDirectory);
    this.#producer = new Producer(outer, resources, clock);
    const isReplay = lotterySettings(runtime).toleranceMs === undefined;
    this.#replayClock = isReplay ? new ReplayClock(outer, resources.userEventsInput) : undefined;
    this.#expectations = new Expectations({
      ...{ windowMs: resources.windowMs, isReplay },
      now: () => clock.now(),
    });
    this.#follower = new Follower({
      outer,
      clock,
      streams: [resources.lotteryEventsOutput, resources.userEventsOutput],
      onRecord: (record) => {
        const event = screen.show(record);
        if (!event) return;
        this.#summary.observe(event);
        this.#sheets?.observe(event);
        this.#expectations.observe(
          record.stream === resources.lotteryEventsOutput ? 'lottery' : 'user',
          event,
        );
        // Nobody else asks for outcomes of a live run: there they would be kept for ever.
        if (this.#isLive && this.#sending === 0) this.#expectations.outcomes.forgetEarly();
      },
    });
    screen.say(guide(runtime, resources));
  }

  /** Until the signal is aborted. @param players with simulated players. */
  async live(players: boolean): Promise<void> {
    this.#isLive = true;
    await Promise.all([this.#follow(), players ? play(this.#producer, clock, this.#signal) : undefined]);
  }

  /** A broker of somebody else's may be away for longer than a read waits: what is on it is read when it is back. */
  async #follow(): Promise<void> {
    for (;;) {
      try {
        return await this.#follower.run(this.#signal);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        this.#screen.note(`What comes out cannot be read, and is tried again: ${textOf(error)}`);
      }
    }
  }

  /** Puts one event, in a live run. @returns its outcome @throws Error when it is not on the stream */
  async send(event: object): Promise<OutputEvent> {
    const text = JSON.stringify(event);
    const { stream, partitionKey } = route(text);
    this.#sending += 1;
    try {
      const recordId = await this.#producer.put({ stream, partitionKey, data: Buffer.from(text) });
      return new Promise((resolve) => this.#expectations.expect(stream, recordId, resolve));
    } finally {
      this.#sending -= 1;
    }
  }

  /**
   * Puts the lines of an input and waits until all is processed and drawn, or the signal is aborted; then, or when it
   * fails, says what came of it.
   * @returns whether there were lines, and every one was an event. @throws what makes following or replaying fail
   */
  async replay(input: Input): Promise<boolean> {
    const ending = new AbortController();
    const signal = AbortSignal.any([this.#signal, ending.signal]);
    const telling = setInterval(() => this.#screen.status(this.#summary.status), STATUS_MS);
    const following = this.#follower.run(signal);
    const replaying = this.#put(input, signal);
    let isFinished = false;
    try {
      await Promise.race([following, replaying]).finally(() => ending.abort());
      await Promise.allSettled([following, replaying]);
      isFinished = !this.#signal.aborted;
    } finally {
      clearInterval(telling);
      this.#report(isFinished);
    }
    return this.#summary.lines > 0 && this.#summary.noEvents === 0;
  }

  /** As `--sheets` asks for. @throws Error in a line when one is not in the bucket */
  async keepSheets(): Promise<void> {
    const kept = await this.#sheets?.keep();
    if (kept !== undefined) this.#screen.note(`Sheets of draws: ${kept}`);
  }

  #report(isFinished: boolean): void {
    for (const what of this.#expectations.later) {
      this.#screen.note(`Not waited for, it lies too far in the future: ${what}`);
    }
    this.#screen.note(this.#summary.text(isFinished));
  }

  #put(input: Input, signal: AbortSignal): Promise<void> {
    return replay({
      ...{ clock, signal, stallMs: STALL_MS, graceMs: this.#resources.graceMs },
      ...{ producer: this.#producer, expectations: this.#expectations, follower: this.#follower },
      ...(this.#replayClock && { replayClock: this.#replayClock }),
      lines: this.#linesAfterEarlier(input, signal),
      mappings: [...this.#runtime.mappings.values()].flat(),
      onOutcome: (line, event) => {
        const note = this.#summary.outcome(line, event);
        if (note !== undefined) this.#screen.note(note);
      },
    });
  }

  async *#linesAfterEarlier(input: Input, signal: AbortSignal): AsyncGenerator<EventLine> {
    const lines = this.#linesOf(input, signal);
    const directory = this.#replayClock && this.#directory;
    if (directory === undefined) yield* lines;
    else yield* afterEarlier(lines, await this.#earlier(directory, signal), this.#resources);
  }

  /** When all that is there is processed: the time of a replay may still lie on its stream. */
  async #earlier(directory: string, signal: AbortSignal): Promise<EarlierReplay> {
    const { dynamodb } = this.#runtime.clients;
    const { userEventsInput: stream } = this.#resources;
    for (const mapping of [...this.#runtime.mappings.values()].flat()) {
      const { state, sourceArn } = mapping.status();
      // The ARN of a stream or of a topic, or the name of a topic on other brokers.
      if (state === 'Enabled' && sourceArn.split('/').at(-1) === stream) await mapping.drained(signal);
    }
    await this.#follower.caughtUp(signal);
    const table = watermarksTable(this.#runtime);
    const time = await replayedUpTo({ outer: this.#outer, dynamodb, stream, table });
    return { directory, time, isOver: this.#expectations.completeAt <= time };
  }

  async *#linesOf(input: Input, signal: AbortSignal): AsyncGenerator<EventLine> {
    const onProblem = (text: string) => {
      // An input that is closed because nobody reads it any more.
      if (signal.aborted) return;
      this.#summary.leftOut();
      this.#screen.note(text);
    };
    const time = new FileTime();
    for await (const line of eventLines(input, { onProblem })) {
      this.#summary.read();
      const warning = this.#replayClock && time.warning(line);
      if (warning !== undefined) this.#screen.note(warning);
      yield line;
    }
  }
}
