/**
 * `npm run verify -- FILE`: checks the draws in a file of output events, offline.
 * Exit code 0: nothing contradicts; 1: something does; 2: the file cannot be read, or wrong usage.
 */
import { parseArgs } from 'node:util';
import { verify } from '../verify/verify.ts';
import { type Input, InputError, nameOf, openInput } from './input.ts';
import { linesOf } from './lines.ts';
import { printable } from './start/describe.ts';

const EXIT_FAILED = 1;
const EXIT_UNREADABLE = 2;

/** A record's megabyte, each byte of it written as an escape of six. */
const LINE_BYTES = 6 * 1024 * 1024;

/** Three ids of the longest, and the words between them. */
const LINE_CHARACTERS = 600;

const usage = `Usage: npm run verify -- [--quiet] FILE

Checks every draw in FILE, offline: the JSON lines of both output streams, in any order
(from npm start -- --json, or any export), gzip or not. FILE may be -, for standard input.
The scheme is described in docs/fairness.md.

--quiet   print only what fails: nothing at all where nothing contradicts

Exit code: 0 nothing contradicts, 1 something does, 2 FILE cannot be read or holds no output event.`;

interface Parameters {
  help: boolean;
  quiet: boolean;
  file: string | undefined;
}

/** @throws TypeError with a code, or InputError, in a line for what is no use of this command. */
function parametersOf(parameters: readonly string[]): Parameters {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: { quiet: { type: 'boolean', short: 'q' }, help: { type: 'boolean', short: 'h' } },
  });
  const [file, ...more] = positionals;
  if (more.length > 0) throw new InputError(`Only one FILE can be checked, not also ${more.join(' ')}`);
  return { help: values.help ?? false, quiet: values.quiet ?? false, file };
}

async function main({ help, quiet, file }: Parameters): Promise<number> {
  if (help) {
    console.log(usage);
    return 0;
  }
  if (file === undefined) {
    console.error(usage);
    return EXIT_UNREADABLE;
  }
  const report = await verify(texts(await openInput(file)));
  const lines = quiet ? report.failed : report.text;
  if (lines.length > 0) console.log(lines.map(oneLine).join('\n'));
  if (report.failures > 0) return EXIT_FAILED;
  if (report.events > 0) return 0;
  console.error(`${nameOf(file)} holds no output event of a lottery: nothing was checked`);
  return EXIT_UNREADABLE;
}

/** Ids and prizes are their senders' words: they must not be taken for lines of the report, or drive the terminal. */
function oneLine(text: string): string {
  const line = printable(text);
  return line.length <= LINE_CHARACTERS ? line : `${line.slice(0, LINE_CHARACTERS)}…`;
}

/** @throws InputError for a line that is no record's: it cannot be judged. */
async function* texts(input: Input): AsyncGenerator<string> {
  for await (const { number, bytes, data } of linesOf(input, LINE_BYTES)) {
    if (data === undefined) throw new InputError(`Line ${number} has ${bytes} bytes: no record is that long`);
    yield data.toString('utf8');
  }
}

try {
  process.exitCode = await main(parametersOf(process.argv.slice(2)));
} catch (error) {
  // Only what is wrong with the file or the command: anything else is a defect and keeps its stack trace.
  const isTheirs = error instanceof InputError || (error instanceof TypeError && 'code' in error);
  if (!isTheirs) throw error;
  console.error(error.message);
  process.exitCode = EXIT_UNREADABLE;
}
