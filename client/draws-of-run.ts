import { z } from 'zod';
import { drawIdOf, windowStartOf } from '../lambda/core/window.ts';
import type { Clock } from '../local/clock.ts';
import type { Environment } from './environment/open.ts';
import { outputOf } from './environment/output.ts';
import { readItems } from './environment/tables.ts';
import type { Run } from './lotteries.ts';

const drawSchema = z.object({
  drawId: z.string(),
  windowStart: z.number(),
  windowEnd: z.number(),
  entries: z.number(),
  prize: z.string().optional(),
  winner: z.object({ userId: z.string(), entryId: z.string(), priority: z.string() }),
});

/** A draw as the draws table has it, with its winner. Times in ms. */
export type Draw = z.output<typeof drawSchema>;

const attributes = ['drawId', 'windowStart', 'windowEnd', 'entries', 'prize', 'winner'];

export interface DrawsOfRun {
  /** In the order of their windows. */
  readonly draws: readonly Draw[];
  /** There are earlier windows than were looked at. */
  readonly isCut: boolean;
}

/**
 * The draws of a run, by the keys of its windows: of the last ones up to now, at most so many. A window without an entry
 * has no draw.
 * @param most windows
 */
export async function readDraws(
  environment: Environment,
  run: Run,
  { most, clock }: { most: number; clock: Clock },
): Promise<DrawsOfRun> {
  const { lotteryId, windowMs, firstWindowStart = 0, lastWindowStart = Number.POSITIVE_INFINITY } = run;
  const last = Math.min(windowStartOf(clock.now(), windowMs), lastWindowStart);
  const all = Math.max(0, (last - firstWindowStart) / windowMs + 1);
  const drawIds = Array.from({ length: Math.min(all, most) }, (_, index) =>
    drawIdOf({ lotteryId, run: run.run, windowStart: last - index * windowMs }),
  );
  return { draws: await drawsByIds({ environment, clock }, drawIds), isCut: all > most };
}

/** Those of these draws that are made, in the order of their windows. @param drawIds each once */
export async function drawsByIds(
  { environment, clock }: { environment: Environment; clock: Clock },
  drawIds: readonly string[],
): Promise<Draw[]> {
  const { dynamodb } = environment.clients;
  const table = outputOf(environment, 'DrawsTableName');
  const keys = drawIds.map((drawId) => ({ drawId }));
  const items = await readItems({ dynamodb, clock }, table, keys, attributes);
  const draws = items.flatMap((item) => drawSchema.safeParse(item).data ?? []);
  return draws.toSorted((left, right) => left.windowStart - right.windowStart);
}
