import { type Cursors, withoutExpired } from './cursor.ts';
import type { SourcedEvent } from './decode.ts';
import type { OutcomeCodec } from './outcome-codec.ts';
import { resume } from './resume.ts';

/** What the item of a key holds beside what its domain keeps there. */
export interface KeyedState {
  /** 0 before the first write. */
  readonly version: number;
  readonly cursors: Cursors;
}

export interface DecisionContext {
  /** Time of the batch, ms since the epoch. */
  readonly now: number;
  /** How long after it arrived a record may come again, ms. */
  readonly retentionMs: number;
}

/**
 * The rules of one domain: what becomes of an event, and what that makes of the state. Both are pure but for what their
 * context gives them (a new seed, say), so that each event is decided and evolved once; neither knows of batches, cursors
 * or what is delivered again (`decideBatch`).
 */
export interface Decider<State, Event, Outcome, Context> {
  readonly initialState: State;
  readonly decide: (state: State, sourced: SourcedEvent<Event>, context: Context) => Outcome;
  readonly evolve: (state: State, sourced: SourcedEvent<Event>, outcome: Outcome, context: Context) => State;
  /** Leaves out of a state what is too old to matter. Default: nothing is. */
  readonly expire?: (state: State, context: Context) => State;
  readonly codec: OutcomeCodec<Outcome>;
  /** What becomes of an event that its record has no room for: it is not decided, and changes nothing. */
  readonly noRoom: Outcome;
  /** What an event takes in the item of its key beside its outcome, bytes. Default: nothing. */
  readonly bytesOf?: (sourced: SourcedEvent<Event>, outcome: Outcome) => number;
}

export interface Decision<State, Outcome> {
  readonly state: State;
  /** Whether there is something to write. */
  readonly changed: boolean;
  /** How many events were applied now, for the first time. */
  readonly applied: number;
  /** For each event, in order; undefined where it was settled long ago. Those after the last have to come again. */
  readonly outcomes: readonly (Outcome | undefined)[];
}

/**
 * Applies one key's events of one batch, in order, each once. A rejection changes nothing but the cursor, and is stored
 * all the same: delivered again, the event has the same outcome, whatever has changed since.
 */
export function decideBatch<State extends KeyedState, Event, Outcome, Context extends DecisionContext>(
  decider: Decider<State, Event, Outcome, Context>,
  before: State,
  events: readonly SourcedEvent<Event>[],
  context: Context,
): Decision<State, Outcome> {
  let state = decider.expire?.(before, context) ?? before;
  const cursors = withoutExpired(before.cursors, context.now, context.retentionMs);
  const resumed = resume(cursors, events, decider, (sourced) => {
    const outcome = decider.decide(state, sourced, context);
    state = decider.evolve(state, sourced, outcome, context);
    return outcome;
  });
  const changed = resumed.applied > 0;
  return {
    state: changed ? { ...state, cursors: resumed.cursors } : before,
    changed,
    applied: resumed.applied,
    outcomes: resumed.outcomes,
  };
}
