import {
  type Decider,
  type Decision,
  type DecisionContext,
  decideBatch,
  type KeyedState,
} from '../core/decider.ts';
import type { SourcedEvent } from '../core/decode.ts';
import type { KeyedStore } from '../ports/ports.ts';

/**
 * For any keyed state: load, decide (core/decider.ts), write if the version is still the one loaded; where it is not, load, decide and
 * write again. One write per key and batch (docs/decisions/0001-one-write-per-key-and-batch.md).
 */

export interface KeyedBatch<Event, State extends KeyedState, Outcome, Context extends DecisionContext> {
  /** The batch's events by key, in order. */
  readonly groups: ReadonlyMap<string, readonly SourcedEvent<Event>[]>;
  readonly store: KeyedStore<State>;
  readonly decider: Decider<State, Event, Outcome, Context>;
  readonly context: Context;
  /** Waits before another attempt, ms. */
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to below 1: half of each wait, so that two writers do not meet again and again. */
  readonly random: () => number;
}

export interface AppliedKey<Event, State, Outcome> {
  readonly key: string;
  readonly events: readonly SourcedEvent<Event>[];
  /** What was there before; for the outcomes of events that were applied earlier. */
  readonly before: State;
  readonly decision: Decision<State, Outcome>;
}

/** Events that have to come again since their key's item has no room for what became of all of them (core/resume.ts). */
export interface PutOffEvents<Event> {
  readonly events: readonly SourcedEvent<Event>[];
}

export interface FailedKey<Event> {
  readonly key: string;
  readonly events: readonly SourcedEvent<Event>[];
  readonly error: unknown;
}

export interface KeyedBatchResult<Event, State, Outcome> {
  readonly applied: readonly AppliedKey<Event, State, Outcome>[];
  readonly failed: readonly FailedKey<Event>[];
  readonly putOff: readonly PutOffEvents<Event>[];
  readonly conflicts: number;
}

/** Attempts per key and batch; a conflict needs a second writer, so two or three do. */
const maximumAttempts = 6;
const firstPauseMs = 10;

export class ConflictsExhausted extends Error {
  constructor(key: string) {
    super(`State of '${key}' was changed by others at each of ${maximumAttempts} attempts`);
    this.name = 'ConflictsExhausted';
  }
}

export async function applyKeyedBatch<
  Event,
  State extends KeyedState,
  Outcome,
  Context extends DecisionContext,
>(batch: KeyedBatch<Event, State, Outcome, Context>): Promise<KeyedBatchResult<Event, State, Outcome>> {
  const applied: AppliedKey<Event, State, Outcome>[] = [];
  const failed: FailedKey<Event>[] = [];
  let pending = [...batch.groups.keys()];
  let conflicts = 0;
  for (let attempt = 1; pending.length > 0 && attempt <= maximumAttempts; attempt += 1) {
    if (attempt > 1) await batch.sleep(firstPauseMs * 2 ** (attempt - 2) * (0.5 + batch.random() / 2));
    const decisions = await loadAndDecide(batch, pending, attempt > 1);
    const changed = decisions.filter(({ decision }) => decision.changed);
    applied.push(...decisions.filter(({ decision }) => !decision.changed));
    const results = await batch.store.write(
      changed.map(({ key, decision }) => ({ key, state: decision.state })),
    );
    pending = [];
    changed.forEach((decided, index) => {
      const result = results[index];
      if (result?.kind === 'written') applied.push(decided);
      else if (result?.kind === 'conflict') pending.push(decided.key);
      else failed.push({ ...decided, error: result?.error });
    });
    conflicts += pending.length;
  }
  failed.push(
    ...pending.map((key) => ({ key, events: eventsOf(batch, key), error: new ConflictsExhausted(key) })),
  );
  const putOff = applied.flatMap(({ events, decision: { outcomes } }) =>
    outcomes.length < events.length ? [{ events: events.slice(outcomes.length) }] : [],
  );
  return { applied, failed, putOff, conflicts };
}

/** The first read may be an eventually consistent one: a stale state only costs a conflict. */
async function loadAndDecide<Event, State extends KeyedState, Outcome, Context extends DecisionContext>(
  batch: KeyedBatch<Event, State, Outcome, Context>,
  keys: readonly string[],
  consistent: boolean,
): Promise<AppliedKey<Event, State, Outcome>[]> {
  const { store, decider, context } = batch;
  const states = await store.load(keys, { consistent });
  return keys.map((key) => {
    const before = states.get(key) ?? decider.initialState;
    const events = eventsOf(batch, key);
    return { key, events, before, decision: decideBatch(decider, before, events, context) };
  });
}

function eventsOf<Event>(
  { groups }: { readonly groups: ReadonlyMap<string, readonly SourcedEvent<Event>[]> },
  key: string,
): readonly SourcedEvent<Event>[] {
  return groups.get(key) ?? [];
}
