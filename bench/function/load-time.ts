/** How long it takes to import a module, ms. */
import { performance } from 'node:perf_hooks';

const before = performance.now();
await import(process.env.BENCH_MODULE ?? '');
process.send?.({ milliseconds: performance.now() - before });
