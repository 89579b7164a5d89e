import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const module = new URL('../../bench/function/peak-memory.ts', import.meta.url);
const child = `data:text/javascript,import { peakMemoryBytes } from '${module}'; process.send(peakMemoryBytes()); process.disconnect()`;

it('the most memory of a process is its own, not that of the one that started it', async () => {
  const held = Buffer.alloc(400e6, 1);
  const started = fork(fileURLToPath(module), [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', child],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [bytes] = await once(started, 'message');
  expect(process.memoryUsage.rss()).toBeGreaterThan(held.length);
  expect(bytes).toBeGreaterThan(20e6);
  expect(bytes).toBeLessThan(held.length / 2);
});
