/** Whole lotteries as they are published: what docs/fairness.md has people check by hand. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { BeaconChain } from '../../lambda/core/beacon.ts';
import { roundOf, timeOfRound } from '../../lambda/core/beacon.ts';
import { buy, click, start, stop } from '../support/client-events.ts';
import { graceMs, windowMs } from '../support/events.ts';
import { dueAtOf, tickOf } from '../support/partials.ts';
import { Pipeline } from '../support/pipeline.ts';

export interface Published {
  /** Lines of JSON. */
  readonly events: readonly string[];
  /** Texts, by name. */
  readonly sheets: Readonly<Record<string, string>>;
}

const vectors = z.object({
  lines: z.array(z.string()),
  draws: z.array(z.object({ sheet: z.string() })),
});
const winner = z.object({ type: z.literal('LotteryWinnerEvent'), sheet: z.string() });

/** What openssl and Python made, drawn by quicknet, with ids that need care. */
export function madeByOtherTools(): Published {
  const text = readFileSync(new URL('../data/draw-vectors.json', import.meta.url), 'utf8');
  const { lines, draws } = vectors.parse(JSON.parse(text));
  const names = lines.flatMap((line) => winner.safeParse(JSON.parse(line)).data?.sheet ?? []);
  const sheets = Object.fromEntries(draws.map(({ sheet }, index) => [names[index] ?? '', sheet]));
  return { events: lines, sheets };
}

const windowStart = 1_800_000_000_000;

/**
 * What the functions make of seven clicks in two batches, of which the first is on two lotteries.
 * @param isReplay of a window that is to come, by the clock of whoever replays it
 */
export async function madeByFunctions(beacon: BeaconChain | undefined, isReplay = false): Promise<Published> {
  const pipeline = new Pipeline(isReplay ? { toleranceMs: 'off' } : {});
  pipeline.beacon = beacon;
  const behind = isReplay ? 86_400_000 : 0;
  pipeline.now = windowStart + 1_000 - behind;
  const ids = [1, 'a "second" one'];
  const timestamp = windowStart + 400;
  const starts = ids.map((id) => start(id, { prizes: ['bike', 'tent'], timestamp }));
  await pipeline.lotteryEvents(pipeline.batch(starts));
  const users = [1, 'two', 'three "3"', 4, '{},5', 6, 7];
  const at = windowStart + 500;
  const purchases = users.map((user) => buy(user));
  await pipeline.userEvents(
    pipeline.batch([...purchases, click(1, at), click('two', at, ids[1]), click('three "3"', at)]),
  );
  await pipeline.userEvents(pipeline.batch(users.slice(3).map((user) => click(user, at))));
  await pipeline.lotteryEvents(pipeline.batch(ids.map((id) => ({ ...stop(id), timestamp }))));
  pipeline.now = dueAtOf(windowStart) + 100 - behind;
  const ticks = ids.map((id) => tickOf({ lotteryId: String(id), windowStart }));
  const arrivals = pipeline.arrivals();
  const { state } = await pipeline.draw([...arrivals, ...pipeline.records(ticks)]);
  if (beacon !== undefined) {
    const round = roundOf(beacon, isReplay ? 0 : windowStart + windowMs + graceMs, pipeline.now);
    pipeline.now = timeOfRound(beacon, round);
    await pipeline.draw(pipeline.records(ticks), { state });
  }
  const outputs = [...pipeline.userOutputs.values, ...pipeline.lotteryOutputs.values];
  return {
    events: outputs.map((event) => JSON.stringify(event)),
    sheets: Object.fromEntries(pipeline.sheets.texts),
  };
}
