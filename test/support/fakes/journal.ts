/**
 * The fakes are the ports of lambda/ports/ports.ts in memory, one each. A test may look at what they hold, and tell
 * one of them what its next call does. What crashes and delays do is shown on the services of `npm run simulate`.
 */

/** What happened, in order: several fakes share one, so that a test can see what came before what. */
export type Journal = string[];

export interface FakeOptions {
  readonly journal?: Journal;
}
