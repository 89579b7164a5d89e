import type { OutputEvent } from './output-events.ts';

/**
 * The two pairs of input and output stream. Record ids are told apart by it: a sequence number is unique in its
 * stream only, and the engine does give the first records of two streams the same one.
 */
export type Channel = 'lottery' | 'user';

type OnOutcome = (event: OutputEvent) => void;

/** Which records that were put still have no outcome. */
export class Outcomes {
  readonly #expected = { lottery: new Map<string, OnOutcome>(), user: new Map<string, OnOutcome>() };
  /** Outcomes that came before the answer of the put that they belong to. */
  readonly #early = { lottery: new Map<string, OutputEvent>(), user: new Map<string, OutputEvent>() };

  /** How many records have no outcome yet. */
  get owed(): number {
    return this.#expected.lottery.size + this.#expected.user.size;
  }

  /** A record that was put. @param onOutcome called once, with its outcome; at once where that has come already. */
  expect(channel: Channel, recordId: string, onOutcome: OnOutcome): void {
    const early = this.#early[channel].get(recordId);
    if (early === undefined) {
      this.#expected[channel].set(recordId, onOutcome);
      return;
    }
    this.#early[channel].delete(recordId);
    onOutcome(early);
  }

  settle(channel: Channel, recordId: string, event: OutputEvent): void {
    const onOutcome = this.#expected[channel].get(recordId);
    if (onOutcome === undefined) {
      this.#early[channel].set(recordId, event);
      return;
    }
    this.#expected[channel].delete(recordId);
    onOutcome(event);
  }

  /** Its outcome will never come. */
  giveUp(channel: Channel, recordId: string): void {
    this.#expected[channel].delete(recordId);
  }

  /**
   * No put is under way: what came without being expected was a repetition, or somebody else's. Without this call all
   * of that is kept.
   */
  forgetEarly(): void {
    this.#early.lottery.clear();
    this.#early.user.clear();
  }

  /** In words. */
  missing(): string[] {
    const { lottery, user } = this.#expected;
    return [
      ...[...lottery.keys()].map((recordId) => `the outcome of lottery event ${recordId}`),
      ...[...user.keys()].map((recordId) => `the outcome of user event ${recordId}`),
    ];
  }
}
