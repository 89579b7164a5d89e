// @ts-check
/**
 * Where the thread of an engine begins: the cache of the main thread is not this one's, and has to be there before the first file
 * of TypeScript. Without it what strips the types was a third of a thread's start.
 */
import '../compile-cache.mjs';

await import('./engine-worker.ts');
