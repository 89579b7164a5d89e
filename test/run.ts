/**
 * `npm test`: lint, types and tests side by side, as most of the first two is done on one core. What is given behind `--` goes to Vitest.
 * Exit code 0: all of them pass; 1: one does not, and the last lines say which.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface Part {
  readonly name: string;
  readonly passed: boolean;
  /** What ended it, if it did not end by itself. */
  readonly signal: NodeJS.Signals | null;
  /** Of those that wait for the tests to say what they have to, as these write to the terminal meanwhile. */
  readonly output: string;
}

const environment = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;

async function quiet(name: string, command: string): Promise<Part> {
  const child = spawn(command, { shell: true, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code, signal] = await once(child, 'close');
  return { name, passed: code === 0, signal, output };
}

async function tests(parameters: readonly string[]): Promise<Part> {
  const child = spawn('vitest', ['run', ...parameters], { stdio: 'inherit' });
  const [code, signal] = await once(child, 'close');
  return { name: 'tests', passed: code === 0, signal, output: '' };
}

const parts = await Promise.all([
  quiet('lint', 'npm run --silent lint'),
  quiet('types', 'npm run --silent types'),
  tests(process.argv.slice(2)),
]);
for (const { name, passed, output } of parts) if (!passed) say(output === '' ? [] : [`${name}:`, output]);
say(['', ...parts.map((part) => `${part.name}: ${outcomeOf(part)}`)]);
if (parts.some(({ passed }) => !passed)) process.exitCode = 1;

function outcomeOf({ passed, signal }: Part): string {
  if (passed) return 'ok';
  return signal === null ? 'FAILED' : `FAILED, ended by ${signal}`;
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
