/** Hosts one function as Lambda does, its variables in the environment, and measures its invocations. */
import { performance } from 'node:perf_hooks';
import { aggregatedBatch, clickBatch } from '../events.ts';
import type { Load, LoadResult } from './load.ts';

type Handler = (event: object, context: object) => Promise<unknown>;

/** What of Lambda's context the functions and the baselines ask for. */
const context = { getRemainingTimeInMillis: () => 60_000 };

const module: { handler: Handler } = await import(process.env.BENCH_MODULE ?? '');
let position = 1;

process.on('message', (load: Load) => {
  run(load).then(
    (result) => process.send?.(result),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });

/** Events are made between the invocations: they cost the function nothing. */
async function run({ clicks, batchSize, users, perRecord }: Load): Promise<LoadResult> {
  let cpu = 0;
  let milliseconds = 0;
  for (let left = clicks; left > 0; left -= batchSize) {
    const now = Date.now();
    const count = Math.min(batchSize, left);
    const batch = {
      ...{ first: position, clicks: count, timeOf: () => now },
      userOf: (n: number) => (users === undefined ? n : n % users),
    };
    const event = perRecord === undefined ? clickBatch(batch) : aggregatedBatch(batch, perRecord);
    position += count;
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    const response = await module.handler(event, context);
    milliseconds += performance.now() - before;
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu += user + system;
    expectSuccess(response);
  }
  return { cpuMicroseconds: cpu, milliseconds, peakMemoryMb: process.resourceUsage().maxRSS / 1024 };
}

/** A function that fails is fast. */
function expectSuccess(response: unknown): void {
  const { batchItemFailures } = response as { batchItemFailures: readonly unknown[] };
  if (batchItemFailures.length > 0)
    throw new Error(`The function failed: ${JSON.stringify(batchItemFailures)}`);
}
