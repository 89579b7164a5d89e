import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { LotteryResources } from '../../client/resources.ts';
import type { Clients } from '../../local/clients.ts';
import { StreamReader } from '../../local/stream-reader.ts';

/** Those of the output events that the benchmark looks at; times in ms. */
const outputSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ClickAcceptedEvent'), timestamp: z.number(), drawId: z.string() }),
  z.object({ type: z.literal('CouponsBoughtEvent') }),
  z.object({ type: z.literal('LotteryStartedEvent') }),
  z.object({ type: z.literal('DrawClosedEvent') }),
  z.object({ type: z.literal('LotteryWinnerEvent'), drawId: z.string(), windowEnd: z.number() }),
]);

const pollMs = 100;

/** What came out of a pipeline so far, read from both output streams. */
export class PipelineOutputs {
  readonly #readers: readonly StreamReader[];
  /** Time from a click's timestamp to the arrival of its outcome, ms. */
  readonly outcomeDelays: number[] = [];
  /** Arrival of the last accepted click's outcome, ms since the epoch. */
  lastOutcome = 0;
  started = 0;
  bought = 0;
  readonly #draws = new Set<string>();
  /** By draw; times in ms. */
  readonly #winners = new Map<string, { windowEnd: number; delay: number }>();

  constructor({ kinesis }: Clients, { userEventsOutput, lotteryEventsOutput }: LotteryResources) {
    this.#readers = [userEventsOutput, lotteryEventsOutput].map(
      (stream) => new StreamReader(kinesis, stream),
    );
  }

  get allDrawn(): boolean {
    return [...this.#draws].every((drawId) => this.#winners.has(drawId));
  }

  /** Time from the window's end to the arrival of its winner, ms, for windows that ended after `time`. */
  winnerDelays(time: number): number[] {
    return [...this.#winners.values()].flatMap(({ windowEnd, delay }) => (windowEnd > time ? [delay] : []));
  }

  /** @throws Error when it is not so in time */
  async until(condition: () => boolean, what: string, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    await this.#read();
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`The pipeline has not ${what} within ${timeoutMs} ms`);
      await sleep(pollMs);
      await this.#read();
    }
  }

  async #read(): Promise<void> {
    for (const reader of this.#readers) {
      for (const { data, arrival } of await reader.poll()) this.#take(data, arrival);
    }
  }

  #take(data: Uint8Array, arrival: number): void {
    const text = Buffer.from(data).toString('utf8');
    const parsed = outputSchema.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`The benchmark expects no such output: ${text}`);
    const output = parsed.data;
    switch (output.type) {
      case 'ClickAcceptedEvent':
        this.outcomeDelays.push(arrival - output.timestamp);
        this.#draws.add(output.drawId);
        // Shards are read one after the other: the last one read need not be the last one to end.
        this.lastOutcome = Math.max(this.lastOutcome, arrival);
        return;
      case 'CouponsBoughtEvent':
        this.bought += 1;
        return;
      case 'LotteryStartedEvent':
        this.started += 1;
        return;
      case 'DrawClosedEvent':
        return;
      case 'LotteryWinnerEvent':
        if (!this.#winners.has(output.drawId)) {
          const { windowEnd } = output;
          this.#winners.set(output.drawId, { windowEnd, delay: arrival - windowEnd });
        }
        return;
      default:
        output satisfies never;
    }
  }
}
