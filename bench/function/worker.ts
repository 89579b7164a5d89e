/** Hosts one function as Lambda does, its variables in the environment, and measures its invocations. */
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { buffer } from 'node:stream/consumers';
import type { BatchRequest, Load, LoadResult } from '../payloads/load.ts';
import { peakMemoryBytes } from './peak-memory.ts';

type Handler = (event: object, context: object) => Promise<unknown>;

/** What of Lambda's context the functions and the baseline ask for. */
const context = { getRemainingTimeInMillis: () => 60_000 };

const { BENCH_MODULE = '', BENCH_GENERATOR = '' } = process.env;
const module: { handler: Handler } = await import(BENCH_MODULE);
const agent = new Agent({ keepAlive: true });
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

/** The payloads are fetched before, as bytes, which are not on the heap; what Lambda's runtime does with one is counted. */
async function run(load: Load): Promise<LoadResult> {
  const payloads: Buffer[] = [];
  for (let batch = 0; batch < load.batches; batch += 1) {
    payloads.push(await payloadOf({ load, first: position }));
    position += load.batchSize;
  }
  let parsingMicroseconds = 0;
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  for (const payload of payloads) parsingMicroseconds += await invoke(payload);
  const milliseconds = performance.now() - before;
  const cpuMicroseconds = microsecondsSince(cpuBefore);
  return {
    ...{ clicks: load.batches * load.batchSize, cpuMicroseconds, parsingMicroseconds, milliseconds },
    peakMemoryMb: peakMemoryBytes() / 1e6,
  };
}

/** @returns CPU time of parsing the payload, µs */
async function invoke(payload: Buffer): Promise<number> {
  const before = process.cpuUsage();
  const event: object = JSON.parse(payload.toString('utf8'));
  const parsing = microsecondsSince(before);
  const response = await module.handler(event, context);
  JSON.stringify(response);
  expectSuccess(response);
  return parsing;
}

function microsecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** A function that fails is fast. */
function expectSuccess(response: unknown): void {
  const { batchItemFailures } = response as { batchItemFailures: readonly unknown[] };
  if (batchItemFailures.length > 0)
    throw new Error(`The function failed: ${JSON.stringify(batchItemFailures)}`);
}

async function payloadOf(asked: BatchRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request(BENCH_GENERATOR, { method: 'POST', agent }, (response) => {
      buffer(response).then(resolve, reject);
    })
      .on('error', reject)
      .end(JSON.stringify(asked));
  });
}
