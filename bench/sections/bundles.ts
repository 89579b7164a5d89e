import type { Bundle } from '../bundles.ts';
import { Child } from '../child.ts';
import { variables } from '../function/hosted.ts';
import { figureOf } from '../measure.ts';
import type { Row } from '../table.ts';

const rounds = 5;
const largestKb = 400;

/** Sizes of the bundles as they are deployed, and what loading one costs a fresh process: the code's cold start. */
export async function bundles(all: readonly Bundle[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, path, bytes } of all) {
    const milliseconds = [];
    for (let round = 0; round < rounds; round += 1) milliseconds.push(await loadTime(path));
    rows.push({ name: `${name}: size, minified`, unit: 'KB', value: bytes / 1024 });
    rows.push({ name: `${name}: time to load`, unit: 'ms', figure: figureOf(milliseconds) });
  }
  const largest = Math.max(...all.map(({ bytes }) => bytes)) / 1024;
  return [...rows, { name: 'the largest', unit: 'KB', value: largest, atMost: largestKb }];
}

/** Imports a bundle with its variables: what Lambda does in a function's init phase. ms */
async function loadTime(path: string): Promise<number> {
  const nowhere = 'http://127.0.0.1:9';
  const child = new Child('./function/load-time.ts', { ...variables(nowhere), BENCH_MODULE: path });
  const { milliseconds } = (await child.answer()) as { milliseconds: number };
  child.stop();
  return milliseconds;
}
