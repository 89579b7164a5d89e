import type { OutputEvent } from './output-events.ts';

/**
 * The two pairs of input and output stream. Record ids are told apart by it: a sequence number is unique in its
 * stream only, and the engine does give the first records of two streams the same one.
 */
export type Channel = 'lottery' | 'user';

type OnOutcome = (event: OutputEvent) => void;

/** Which records that were put still have no outcome. */
export class Outcomes {
  readonly #expected = new Map<string, OnOutcome>();
  /** Outcomes that came before the answer of the put that they belong to. */
  readonly #early = new Map<string, OutputEvent>();

  /** How many records have no outcome yet. */
  get owed(): number {
    return this.#expected.size;
  }

  /** A record that was put. @param onOutcome called once, with its outcome; at once where that has come already. */
  expect(channel: Channel, recordId: string, onOutcome: OnOutcome): void {
    const key = keyOf(channel, recordId);
    const early = this.#early.get(key);
    if (early === undefined) {
      this.#expected.set(key, onOutcome);
      return;
    }
    this.#early.delete(key);
    onOutcome(early);
  }

  settle(channel: Channel, recordId: string, event: OutputEvent): void {
    const key = keyOf(channel, recordId);
    const onOutcome = this.#expected.get(key);
    if (onOutcome === undefined) {
      this.#early.set(key, event);
      return;
    }
    this.#expected.delete(key);
    onOutcome(event);
  }

  /** Its outcome will never come. */
  giveUp(channel: Channel, recordId: string): void {
    this.#expected.delete(keyOf(channel, recordId));
  }

  /**
   * No put is under way: what came without being expected was a repetition, or somebody else's. Without this call all
   * of that is kept.
   */
  forgetEarly(): void {
    this.#early.clear();
  }

  /** In words. */
  missing(): string[] {
    return [...this.#expected.keys()].map((key) => `the outcome of ${key}`);
  }
}

function keyOf(channel: Channel, recordId: string): string {
  return `${channel} event ${recordId}`;
}
