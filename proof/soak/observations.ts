import type { Channel, Expectations } from '../../client/expectations.ts';
import type { LotteryResources } from '../../client/resources.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import { Outputs } from '../audit/evidence.ts';
import { eventsIn, idOf } from '../oracle/aggregates.ts';
import { type InputRecord, readInput } from '../oracle/streams.ts';

/** What was seen of both input and both output streams. */
export class Observations {
  readonly outputs = new Outputs();
  /** The events on the input streams; of aggregated records each. */
  readonly inputs: Readonly<Record<Channel, InputRecord[]>> = { lottery: [], user: [] };
  readonly #resources: LotteryResources;
  readonly #expectations: Expectations;

  constructor(resources: LotteryResources, expectations: Expectations) {
    this.#resources = resources;
    this.#expectations = expectations;
  }

  /** The streams that are looked at. */
  get streams(): readonly string[] {
    const { lotteryEventsInput, userEventsInput, lotteryEventsOutput, userEventsOutput } = this.#resources;
    return [lotteryEventsInput, userEventsInput, lotteryEventsOutput, userEventsOutput];
  }

  /** Of one of these streams. */
  add({ stream, shardId, sequenceNumber, partitionKey, arrival, data }: StreamRecord): void {
    const { lotteryEventsInput, userEventsInput, lotteryEventsOutput } = this.#resources;
    const isLottery = stream === lotteryEventsInput || stream === lotteryEventsOutput;
    const channel: Channel = isLottery ? 'lottery' : 'user';
    const events = eventsIn({ shardId, sequenceNumber, partitionKey, arrival, data });
    if (stream === lotteryEventsInput || stream === userEventsInput) {
      for (const event of events) {
        this.inputs[channel].push(event);
        if (event.refused || !isHeartbeat(channel, event.data))
          this.#expectations.expect(channel, idOf(event));
      }
      return;
    }
    for (const record of events) {
      const text = textOf(record.data);
      this.outputs.emitted[channel].set(idOf(record), text);
      const event = this.outputs.add(channel, text, arrival);
      if (event) this.#expectations.observe(channel, event);
    }
  }
}

/** Of a view, and not of a copy. */
function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

/** Somebody who sees what comes on the streams. */
export interface Watch extends Pick<Observations, 'inputs' | 'outputs'> {
  /** @throws what made the run fail */
  throwIfFailed(): void;
  /** Waits until the condition, which can change with what comes, holds. @throws the deadline's reason. */
  until(condition: () => boolean, deadline: AbortSignal): Promise<void>;
  /** Waits until all that is on the streams now was seen. @throws the deadline's reason. */
  caughtUp(deadline: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** No event: nothing comes of it. */
function isHeartbeat(channel: Channel, data: Uint8Array): boolean {
  if (!Buffer.from(data.buffer, data.byteOffset, data.byteLength).includes('"Heartbeat"')) return false;
  const read = readInput(channel, data);
  return 'type' in read && read.type === 'Heartbeat';
}
