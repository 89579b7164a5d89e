import type { Bundle } from '../bundles.ts';
import { HostedFunction } from '../function/hosted.ts';
import { figureOf } from '../measure.ts';
import type { Stub } from '../stub/stub.ts';
import type { Row } from '../table.ts';

const batchSize = 1_000;
const least = 1_000;
const most = 1_000_000;
/** How often the small runs are repeated: their figures are their medians. */
const repetitions = (clicks: number) => Math.min(11, Math.max(1, Math.floor(50_000 / clicks)));

/** CPU per click of one process that goes on and on, every click another user: nothing may pile up. */
export async function growth(bundle: Bundle, stub: Stub): Promise<Row[]> {
  const hosted = await HostedFunction.start(bundle.path, stub);
  try {
    await hosted.run({ clicks: 20_000, batchSize });
    const rows: Row[] = [];
    for (let clicks = least; clicks <= most; clicks *= 10) {
      const results = [];
      for (let repetition = 0; repetition < repetitions(clicks); repetition += 1) {
        results.push(await hosted.run({ clicks, batchSize }));
      }
      const figure = figureOf(results.map(({ cpuMicroseconds }) => cpuMicroseconds / clicks));
      const name = `${clicks.toLocaleString('en-US')} clicks and users`;
      rows.push({ name, unit: 'µs CPU/click', figure });
    }
    const [first, last] = [rows[0]?.figure?.median, rows.at(-1)?.figure?.median];
    const value = (last ?? Number.NaN) / (first ?? Number.NaN);
    return [...rows, { name: 'the most beside the fewest', unit: '×', value, atMost: 1.2 }];
  } finally {
    hosted.stop();
  }
}
