import { expect, it } from 'vitest';
import { payloadOf } from '../../bench/payloads/payload.ts';

it('both functions in memory draw each window, whose batches come a second apart as in a full run', async () => {
  process.env.BENCH_USERS = '20';
  const { handler } = await import('../../bench/in-memory/both-functions.ts');
  const load = { batches: 1, batchSize: 20, users: 20, clicksPerUser: 1, clicksPerSecond: 20 };
  // Two windows of ten seconds, and the grace of the second.
  for (let batch = 0; batch < 23; batch += 1) {
    const payload = payloadOf({ load, first: 1 + batch * load.batchSize }, 0);
    await expect(handler(JSON.parse(payload)), `batch ${batch}`).resolves.toEqual({ batchItemFailures: [] });
  }
});
