import { expect, it } from 'vitest';
import { scaleOf } from '../../../proof/simulation/scale.ts';
import { templatesOf } from '../../../proof/simulation/templates.ts';

const SHARDS = 4;
const LOTTERIES = 5;

/** Of shards that have no clicks: all but one, or a few. Each window is drawn all the same, in the time of the next one. */
it('of lotteries on many shards: some ticks for each draw, as it is closed and as it is made, a heartbeat or two for each shard, and no more of one with the other', async () => {
  const assembly = templatesOf('dev', { 'dev:shards': String(SHARDS) });
  const one = await scaleOf({ assembly, lotteries: 1, windows: 2 });
  const many = await scaleOf({ assembly, lotteries: LOTTERIES, windows: 2 });
  expect(one).toMatchObject({ draws: 1 });
  expect(many).toMatchObject({ draws: LOTTERIES });
  // Some fall outside what is counted, and a state that ends while a round is waited for asks once more.
  for (const { messages, draws } of [one, many]) {
    expect(messages).toBeGreaterThanOrEqual(draws);
    expect(messages).toBeLessThanOrEqual(3 * draws);
  }
  // One shard more, of starts and stops; a second heartbeat where the first one is not processed within a second.
  expect(one.heartbeats).toBeGreaterThanOrEqual(SHARDS + 1);
  for (const { heartbeats, watermarkWrites } of [one, many]) {
    expect(heartbeats).toBeLessThanOrEqual(2 * (SHARDS + 1));
    expect(watermarkWrites).toBeLessThanOrEqual(2 * (SHARDS + 1) + 4 * LOTTERIES);
  }
});
