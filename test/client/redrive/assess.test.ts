import { describe, expect, it } from 'vitest';
import { type AssessContext, standingOf } from '../../../client/redrive/events-plan.ts';
import { encodeOutcomes, type StoredOutcome } from '../../../lambda/core/outcome-codec.ts';
import { inputRecord, shardId } from '../../support/records.ts';

const hour = 3_600_000;
const now = 100 * hour;

function record(sequenceNumber: string, arrival = now - hour) {
  return inputRecord({ shardId, sequenceNumber }, '', { arrival });
}

/** A cursor at 200, whose last batch had 190 and 200. */
function stateAt(arrival: number) {
  const outcome: StoredOutcome = [0, 1, 0];
  const outcomes = encodeOutcomes([
    { place: { sequenceNumber: '190' }, outcome },
    { place: { sequenceNumber: '200' }, outcome },
  ]);
  return { cursors: { [shardId]: { sequenceNumber: '200', arrival, outcomes } } };
}

const unpublished: AssessContext = { now, retentionMs: 25 * hour, isPublished: () => false };
const published: AssessContext = { ...unpublished, isPublished: () => true };

const standing = (sequenceNumber: string, state: Parameters<typeof standingOf>[2], context = unpublished) =>
  standingOf(record(sequenceNumber), `${shardId}:${sequenceNumber}`, state, context);

describe('what may be done with a record that was given up', () => {
  it('above the cursor, or of a key without an item: it was never applied', () => {
    expect(standing('201', stateAt(now - hour))).toBe('unapplied');
    expect(standing('201', undefined)).toBe('unapplied');
  });

  it('with a stored outcome: the function publishes it again', () => {
    expect(standing('200', stateAt(now - hour))).toBe('stored');
    expect(standing('190', stateAt(now - hour))).toBe('stored');
    expect(standing('190', stateAt(now - hour), published)).toBe('stored');
  });

  it('below the cursor without one: decided by the output stream, or by nobody', () => {
    expect(standing('150', stateAt(now - hour), published)).toBe('published');
    expect(standing('150', stateAt(now - hour))).toBe('undecided');
  });

  it('at a cursor that the function drops for its age: never to the function, which would apply it again', () => {
    const old = stateAt(now - 24.9 * hour);
    expect(standing('200', old)).toBe('undecided');
    expect(standing('200', old, published)).toBe('published');
    expect(standing('201', old)).toBe('unapplied');
  });

  it('older than the cursors, with an item that has none for its shard: nobody knows', () => {
    const old = record('150', now - 30 * hour);
    expect(standingOf(old, 'id', { cursors: {} }, unpublished)).toBe('undecided');
    expect(standingOf(old, 'id', { cursors: {} }, published)).toBe('published');
    expect(standingOf(old, 'id', undefined, unpublished)).toBe('unapplied');
    expect(standing('150', { cursors: {} })).toBe('unapplied');
  });

  it('published, whatever the cursor says: never applied again', () => {
    expect(standing('201', stateAt(now - hour), published)).toBe('published');
  });
});
