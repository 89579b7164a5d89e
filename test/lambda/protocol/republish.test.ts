import { expect, it } from 'vitest';
import type { DrawDependencies } from '../../../lambda/functions/draw/dependencies.ts';
import { findViolation } from './find-violation.ts';

/** What is stored is published, new or not (docs/decisions/0003-event-time-inside-arrival-time.md). Here is what happens without. */
it('without publishing a stored winner again, a winner is stored and never announced', async () => {
  const { violations } = await findViolation({ sabotage: announceOnlyNewDraws });
  expect(violations).toContainEqual(expect.stringMatching(/^draw .* is stored, and was announced with 0/));
});

function announceOnlyNewDraws(real: DrawDependencies): DrawDependencies {
  const known = new Set<string>();
  return {
    ...real,
    draws: {
      putLateEntryIfAbsent: (late) => real.draws.putLateEntryIfAbsent(late),
      putDrawIfAbsent: async (draw) => {
        const result = await real.draws.putDrawIfAbsent(draw);
        if (!result.isNew) known.add(draw.drawId);
        return result;
      },
    },
    lotteryOutputs: {
      publish: (records) =>
        real.lotteryOutputs.publish(
          records.filter(({ value }) => !('drawId' in value && known.has(String(value.drawId)))),
        ),
    },
  };
}
