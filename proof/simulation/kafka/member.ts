import type { Generation, Member } from '../../../local/event-source-mapping/kafka/access.ts';
import type { KafkaContext } from '../../../local/event-source-mapping/kafka/context.ts';
import { Changes } from '../../../local/event-source-mapping/wake.ts';
import { answers } from '../services/kafka/kafka.ts';
import type { SimulatedAccessOptions } from './access.ts';
import { callBroker } from './call.ts';

/** It hears of its partitions with its next heartbeat. */
export class SimulatedMember implements Member {
  readonly changes = new Changes();
  readonly failure = undefined;
  readonly #context: KafkaContext;
  readonly #options: SimulatedAccessOptions;
  #current: Generation | undefined;
  #memberId: string | undefined;
  #hasLeft = false;

  constructor(context: KafkaContext, options: SimulatedAccessOptions) {
    this.#context = context;
    this.#options = options;
  }

  get current(): Generation | undefined {
    return this.#current;
  }

  async join(): Promise<void> {
    const { partitions } = await callBroker(
      this.#options,
      'Metadata',
      { topic: this.#context.topic },
      answers.Metadata,
    );
    if (this.#hasLeft) return;
    let memberId = '';
    memberId = this.#group.join(partitions, async (share) => {
      const { clock, random } = this.#options;
      await clock.sleep(this.#context.settings.kafkaHeartbeatMs * random.next());
      if (this.#hasLeft || share.generationId < (this.#current?.generationId ?? 0)) return;
      this.#current = { ...share, memberId };
      this.changes.announce();
    });
    this.#memberId = memberId;
  }

  async look(): Promise<void> {
    const { partitions } = await callBroker(
      this.#options,
      'Metadata',
      { topic: this.#context.topic },
      answers.Metadata,
    );
    if (!this.#hasLeft) this.#group.grow(partitions);
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    if (this.#memberId !== undefined) this.#group.leave(this.#memberId);
  }

  get #group() {
    return this.#options.kafka.group(this.#context.groupId);
  }
}
