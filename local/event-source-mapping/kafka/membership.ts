import type { Consumer } from '@platformatic/kafka';
import { Changes } from '../wake.ts';
import type { Generation, Member } from './access.ts';
import { groupClient } from './client.ts';
import type { KafkaContext } from './context.ts';

/** How often a broker that does not answer is asked again to let a member go, and how many times. */
const LEAVE_AGAIN_MS = 1_000;
const MOST_LEAVES = 15;

/** It lives as long as its client sends heartbeats, and rejoins by itself. */
export class Membership implements Member {
  readonly changes = new Changes();
  readonly #context: KafkaContext;
  readonly #client: Consumer;
  #current: Generation | undefined;
  #failure: unknown;
  #partitions = 0;

  constructor(context: KafkaContext) {
    this.#context = context;
    this.#client = groupClient(context);
    const fail = (error: unknown) => {
      this.#failure ??= error ?? new Error('The group has not heard of the member for too long');
      this.changes.announce();
    };
    // After these no heartbeat comes any more: another member has to take its place.
    this.#client.on('error', fail).on('consumer:heartbeat:stalled', ({ lastError }) => fail(lastError));
    this.#client.on('consumer:group:join', ({ memberId, generationId = 0, assignments = [] }) => {
      const { topic } = context;
      const partitions = assignments.flatMap((each) => (each.topic === topic ? each.partitions : []));
      this.#current = { generationId, memberId, partitions };
      this.changes.announce();
    });
  }

  get current(): Generation | undefined {
    return this.#current;
  }

  get failure(): unknown {
    return this.#failure;
  }

  async join(): Promise<void> {
    this.#partitions = await this.#count();
    await this.#client.joinGroup({});
  }

  async look(): Promise<void> {
    const count = await this.#count();
    if (count === this.#partitions) return;
    this.#partitions = count;
    await this.#client.joinGroup({});
  }

  async leave(): Promise<void> {
    if (await this.#hasLeft()) await this.#close();
    else void this.#leaveLater();
  }

  /** Its client goes on with heartbeats until then, and would keep its partitions once the broker is back. */
  async #leaveLater(): Promise<void> {
    for (let again = 0; again < MOST_LEAVES; again += 1) {
      await this.#context.clock.sleep(LEAVE_AGAIN_MS);
      if (await this.#hasLeft()) break;
    }
    await this.#close();
  }

  #hasLeft(): Promise<boolean> {
    return new Promise((resolve) => this.#client.leaveGroup(true, (error) => resolve(!error)));
  }

  /** Only one that has left: a client that is closed while it rejoins sends heartbeats for ever. */
  async #close(): Promise<void> {
    await this.#client.close(true).catch(() => undefined);
  }

  async #count(): Promise<number> {
    const { topic } = this.#context;
    const { topics } = await this.#client.metadata({ topics: [topic], forceUpdate: true });
    return topics.get(topic)?.partitionsCount ?? 0;
  }
}
