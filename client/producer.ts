import { type Clock, systemClock } from '../local/clock.ts';
import type { Environment } from './environment/open.ts';
import { outerOf } from './environment/output.ts';
import type { EventLine, Route } from './event-lines.ts';
import type { LotteryResources } from './resources.ts';
import type { OuterStreams } from './streams/outer-streams.ts';

/** The names of the input streams. */
export type Inputs = Pick<LotteryResources, 'lotteryEventsInput' | 'userEventsInput'>;

type Put = Pick<Route, 'stream' | 'partitionKey'> & Pick<EventLine, 'data'>;

/** Wait before what a shard had no room for is put again, in ms: it has room again within a second. */
const THROTTLED_MS = 200;

/** @throws EnvironmentError where the stacks have no inputs of these names */
export function producerOf(environment: Environment, clock: Clock): Producer {
  const inputs = {
    lotteryEventsInput: outerOf(environment, 'LotteryEventsInput'),
    userEventsInput: outerOf(environment, 'UserEventsInput'),
  };
  return new Producer(environment.streams, inputs, clock);
}

/** Puts records on the input streams, in the order of the calls. */
export class Producer {
  readonly #outer: OuterStreams;
  readonly #resources: Inputs;
  readonly #clock: Clock;

  constructor(outer: OuterStreams, resources: Inputs, clock = systemClock) {
    this.#outer = outer;
    this.#resources = resources;
    this.#clock = clock;
  }

  /** @returns the record's id, by which its outcome is known. @throws Error when it is not on the stream. */
  async put({ stream, ...line }: Put): Promise<string> {
    const [id = ''] = await this.putAll(stream, [line]);
    return id;
  }

  /**
   * Puts what one call takes (a `Turn` of `Order`) on one stream. Their order is kept in each shard; what a shard
   * has no room for is put again, and where its limits hold it takes nothing that comes behind that.
   * @returns the records' ids. @throws Error when one of them is not on the stream.
   */
  async putAll(stream: Route['stream'], lines: readonly Omit<Put, 'stream'>[]): Promise<string[]> {
    const ids: string[] = [];
    const { lotteryEventsInput, userEventsInput } = this.#resources;
    const name = stream === 'lottery' ? lotteryEventsInput : userEventsInput;
    let left = [...lines.entries()];
    while (left.length > 0) {
      const put = await this.#outer.put(
        name,
        left.map(([, line]) => line),
      );
      left = left.filter(([index], place) => {
        const id = put[place];
        if (id === undefined) return true;
        ids[index] = id;
        return false;
      });
      if (left.length > 0) await this.#clock.sleep(THROTTLED_MS);
    }
    return ids;
  }
}
