/**
 * `npm run verify -- FILE`: checks the draws in a file of output events, offline.
 * Exit code 0: nothing contradicts; 1: something does; 2: the file cannot be read, or wrong usage.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { verify } from '../../verify/verify.ts';

const usage = `Usage: npm run verify -- FILE

Checks every draw in FILE, offline: the JSON lines of both output streams, in any order
(from npm start -- --json, or any export). The scheme is described in docs/fairness.md.

Exit code: 0 nothing contradicts, 1 something does, 2 FILE cannot be read or holds no output event.`;

async function main(parameters: readonly string[]): Promise<number> {
  const [file] = parameters;
  if (file === '--help' || file === '-h') {
    console.log(usage);
    return 0;
  }
  if (file === undefined || file.startsWith('-') || parameters.length > 1) {
    console.error(usage);
    return 2;
  }
  const input = createReadStream(file);
  const report = await verify(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }));
  console.log(report.text.join('\n'));
  if (report.failures > 0) return 1;
  if (report.events > 0) return 0;
  console.error(`${file} holds no output event of a lottery: nothing was checked`);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Only what the operating system says about the file: anything else is a defect and keeps its stack trace.
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  console.error(`Cannot read the file: ${error.message}`);
  process.exitCode = 2;
}
