import { type DrawKey, drawIdOf } from '../../core/window.ts';
import { TextMissing } from '../../ports/text-missing.ts';
import type { DrawDependencies } from './dependencies.ts';

/**
 * Part of the work on a draw, or on those up to it. What is stored of it may name a text that somebody took or changed: then
 * it waits, as for a block, and holds up no other draw; of what is open of a run, no other run.
 *
 * @param of the draw
 * @returns undefined where it waits
 */
export async function unlessMissing<Result>(
  of: DrawKey,
  { telemetry }: Pick<DrawDependencies, 'telemetry'>,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TextMissing)) throw error;
    telemetry.count('blocksMissing');
    telemetry.warn('A list of blocks of a stored draw is missing, or was changed', {
      drawId: drawIdOf(of),
      missing: error.message,
    });
    return undefined;
  }
}
