/**
 * A cold start of the code: how long a fresh process takes to import a bundle, which Lambda does in a function's init phase, and
 * then for the first invocation. Nothing else is imported before: what a bundle needs of Node would be there already.
 */
interface Failures {
  readonly batchItemFailures: readonly unknown[];
}

const { BENCH_MODULE = '', BENCH_GENERATOR = '', BENCH_CLICKS = '' } = process.env;

const load = await measured(() => import(BENCH_MODULE));
if (BENCH_CLICKS === '') process.send?.({ load });
else process.send?.({ load, first: await firstInvocation(Number(BENCH_CLICKS)) });

async function firstInvocation(clicks: number): Promise<object> {
  const { handler } = (await import(BENCH_MODULE)) as { handler: (event: object) => Promise<Failures> };
  const { request } = await import('node:http');
  const { text } = await import('node:stream/consumers');
  const load = { batches: 1, batchSize: clicks, users: clicks, clicksPerUser: 1 };
  const payload = await new Promise<string>((resolve, reject) => {
    request(BENCH_GENERATOR, { method: 'POST' }, (response) => text(response).then(resolve, reject))
      .on('error', reject)
      .end(JSON.stringify({ load, first: 1 }));
  });
  return measured(async () => {
    const { batchItemFailures } = await handler(JSON.parse(payload));
    // A function that fails is fast.
    if (batchItemFailures.length > 0) throw new Error('The first invocation failed');
  });
}

/** @returns time and CPU time of all threads, ms */
async function measured(work: () => Promise<unknown>): Promise<{ milliseconds: number; cpu: number }> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  await work();
  const milliseconds = performance.now() - before;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { milliseconds, cpu: (user + system) / 1_000 };
}
