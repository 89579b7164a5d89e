import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { projectRoot } from '../../lib/project-root.ts';
import type { BenchContext } from '../context.ts';
import type { Row } from '../table.ts';
import { writeRun } from '../verify-data.ts';

/** Says on stderr, last, what the process took, as JSON. */
const meter = `data:text/javascript,${encodeURIComponent(
  `import { peakMemoryBytes } from '${new URL('../function/peak-memory.ts', import.meta.url)}';
process.on('exit', () => process.stderr.write(JSON.stringify({ ...process.cpuUsage(), peak: peakMemoryBytes() })));`,
)}`;

/** CPU times in µs, bytes. */
interface Took {
  readonly user: number;
  readonly system: number;
  readonly peak: number;
}

/** `npm run verify` on a million receipts and their sheets, once. */
export async function verify({ effort }: BenchContext): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-verify-'));
  try {
    writeRun(directory, { draws: 10, blocks: effort.of(100, 2), blockSize: effort.of(1_000, 5) });
    const parameters = ['events.jsonl', '--sheets', 'sheets'];
    // As in package.json: what is read is garbage at once, and must not fill a young generation that grows meanwhile.
    const command = [
      '--max-semi-space-size=4',
      '--import',
      meter,
      join(projectRoot, 'cli/verify.ts'),
      ...parameters,
    ];
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: directory, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm run verify ended with ${status}: ${stderr}`);
    const value = (performance.now() - began) / 1_000;
    const { user, system, peak }: Took = JSON.parse(stderr.slice(stderr.lastIndexOf('{')));
    return [
      { name: 'time', unit: 's', value, atMost: 30 },
      {
        name: '  CPU time of all its threads',
        unit: 's',
        value: (user + system) / 1e6,
      },
      { name: '  most memory', unit: 'MB', value: peak / 1e6, atMost: 500 },
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
