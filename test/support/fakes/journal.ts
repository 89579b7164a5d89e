/**
 * The fakes are the ports of lambda/ports/ports.ts in memory, one each. A test may look at what they hold, and tell
 * one of them what its next call does; a schedule of crashes disturbs all of them, by this interface.
 */

/** What happened, in order: several fakes share one, so that a test can see what came before what. */
export type Journal = string[];

/** What may go wrong around the effects of a fake, which asks at each of them. */
export interface Disturbances {
  /** Awaited before and after each effect: another invocation may pass here, or this one die, which is a throw. */
  step(place: string): Promise<void>;
  /** Whether an effect fails, or takes place and its answer is lost. */
  fails(place: string): boolean;
  /** Whether something happens that is no failure: a read that is stale, a pause amid a call. */
  chance(probability: number): boolean;
  /** In which order the records of one call are put. */
  shuffled<Item>(items: readonly Item[]): readonly Item[];
}

export const undisturbed: Disturbances = {
  step: async () => {},
  fails: () => false,
  chance: () => false,
  shuffled: (items) => items,
};

export interface FakeOptions {
  readonly journal?: Journal;
  readonly disturbances?: Disturbances;
}
