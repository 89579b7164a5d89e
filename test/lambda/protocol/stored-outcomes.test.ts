import { expect, it, vi } from 'vitest';
import { encodeOutcomes } from '../../../lambda/core/outcome-codec.ts';
import { findViolation } from './find-violation.ts';

/**
 * A cursor keeps the outcomes of every event of its batch, old ones that were delivered again and new ones
 * (docs/decisions/0001-one-write-per-key-and-batch.md). Here it keeps the new ones only.
 */
vi.mock('../../../lambda/core/cursor.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../../lambda/core/cursor.ts')>();
  const resume: typeof original.resume = (cursors, events, codec, apply) => {
    const isNew = events.map(({ record: { source } }) => {
      const cursor = cursors[source.shardId];
      return cursor === undefined || source.sequenceNumber > cursor.sequenceNumber;
    });
    const resumed = original.resume(cursors, events, codec, apply);
    const kept = events.flatMap(({ record: { source } }, index) => {
      const outcome = resumed.outcomes[index];
      if (!isNew[index] || outcome === undefined) return [];
      return [{ sequenceNumber: source.sequenceNumber, outcome: codec.encode(outcome) }];
    });
    const shardId = events[0]?.record.source.shardId ?? '';
    const cursor = resumed.cursors[shardId];
    if (resumed.applied === 0 || cursor === undefined) return resumed;
    const forgetful = { ...cursor, outcomes: encodeOutcomes(kept) };
    return { ...resumed, cursors: { ...resumed.cursors, [shardId]: forgetful } };
  };
  return { ...original, resume };
});

it('without the outcomes of events that were delivered again, an event has no outcome', async () => {
  const { violations } = await findViolation();
  expect(violations).toContainEqual(expect.stringMatching(/^event .* has 0 distinct outcomes$/));
});
