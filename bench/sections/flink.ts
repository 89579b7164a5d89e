import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row } from '../table.ts';

const entry = new URL('../peers/flink/flink.ts', import.meta.url);

/** Our own job on Flink. Where it cannot run there is a line that says so, and no row. */
export async function flink(): Promise<Row[]> {
  if (!existsSync(fileURLToPath(entry))) {
    process.stderr.write('Our own job on Flink: skipped. There is none.\n');
    return [];
  }
  const peer: { flink: (isFull: boolean) => Promise<Row[]> } = await import(entry.href);
  return peer.flink(false);
}
