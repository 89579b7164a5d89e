/**
 * `npm run verify -- FILE`: checks the draws in a file of output events, offline.
 * Exit code 0: nothing contradicts; 1: something does; 2: the file cannot be read, or wrong usage.
 */
import { parseArgs } from 'node:util';
import { ReceiptError, type Report, verify } from '../verify/verify.ts';
import { InputError, nameOf, openInput, STANDARD_INPUT } from './input.ts';
import { printable } from './start/describe.ts';
import { given, receiptIn, sheetFiles, sheetPaths, texts } from './verify-inputs.ts';

const EXIT_FAILED = 1;
const EXIT_UNREADABLE = 2;

/** Six ids of the longest, two hashes, and the words between them. */
const LINE_CHARACTERS = 950;

const usage = `Usage: npm run verify -- [--sheets DIR | --sheet FILE]... [--receipt FILE] [--quiet] FILE|DIR

Checks every draw in FILE, offline: the JSON lines of both output streams, in any order
(from npm start -- --json, or any export), gzip or not. FILE may be -, for standard input.
DIR is what lottery export has written: its events.jsonl, and the sheets beside it.
The scheme is described in docs/fairness.md.

--sheets DIR     the sheets of draws: all *.jsonl in DIR (npm start -- --sheets DIR keeps them); repeatable
--sheet FILE     the sheet of a draw; repeatable
--receipt FILE   one line, your own ClickAcceptedEvent: says in one sentence, and nothing else, whether the
                 entry took part, what its priority was, and who won
--quiet          print only what fails: nothing at all where nothing contradicts

Exit code: 0 nothing contradicts, 1 something does, 2 FILE cannot be read or holds no output event.
With --receipt: 1 where something contradicts in its draw or its run.`;

interface Parameters {
  help: boolean;
  quiet: boolean;
  file: string | undefined;
  sheetFiles: readonly string[];
  sheetDirectories: readonly string[];
  receiptFile: string | undefined;
}

/** @throws TypeError with a code, or InputError, in a line for what is no use of this command. */
function parametersOf(parameters: readonly string[]): Parameters {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      quiet: { type: 'boolean', short: 'q' },
      help: { type: 'boolean', short: 'h' },
      sheet: { type: 'string', multiple: true },
      sheets: { type: 'string', multiple: true },
      receipt: { type: 'string' },
    },
  });
  const [file, ...more] = positionals;
  if (more.length > 0) throw new InputError(`Only one FILE can be checked, not also ${more.join(' ')}`);
  const inputs = [file, values.receipt, ...(values.sheet ?? [])];
  if (inputs.filter((input) => input === STANDARD_INPUT).length > 1)
    throw new InputError('Only one of the files can be standard input');
  return {
    ...{ help: values.help ?? false, quiet: values.quiet ?? false, file, receiptFile: values.receipt },
    ...{ sheetFiles: values.sheet ?? [], sheetDirectories: values.sheets ?? [] },
  };
}

async function main(parameters: Parameters): Promise<number> {
  const { help, quiet, receiptFile } = parameters;
  if (help) {
    console.log(usage);
    return 0;
  }
  if (parameters.file === undefined) {
    console.error(usage);
    return EXIT_UNREADABLE;
  }
  const { file, sheetDirectories } = await given(parameters.file);
  const directories = [...sheetDirectories, ...parameters.sheetDirectories];
  const sheets = sheetFiles(await sheetPaths(parameters.sheetFiles, directories));
  const receipt = receiptFile === undefined ? undefined : await receiptIn(receiptFile);
  const report = await verify(texts(await openInput(file)), {
    sheets,
    ...(receipt !== undefined && { receipt }),
  });
  return answer(report, nameOf(file), quiet);
}

/** Prints what was found. @returns the exit code */
function answer(report: Report, name: string, quiet: boolean): number {
  const { receipt } = report;
  const isContradicted = receipt?.contradicts ?? report.failures > 0;
  const all = receipt === undefined ? report.text : [receipt.sentence];
  const failed = receipt === undefined ? report.failed : all.filter(() => isContradicted);
  const lines = quiet ? failed : all;
  if (lines.length > 0) console.log(lines.map(oneLine).join('\n'));
  if (isContradicted) return EXIT_FAILED;
  if (report.events > (receipt === undefined ? 0 : 1)) return 0;
  console.error(`${name} holds no output event of a lottery: nothing was checked`);
  return EXIT_UNREADABLE;
}

/** Ids and prizes are their senders' words: they must not be taken for lines of the report, or drive the terminal. */
function oneLine(text: string): string {
  const line = printable(text);
  return line.length <= LINE_CHARACTERS ? line : `${line.slice(0, LINE_CHARACTERS)}…`;
}

try {
  process.exitCode = await main(parametersOf(process.argv.slice(2)));
} catch (error) {
  // Only what is wrong with the file or the command: anything else is a defect and keeps its stack trace.
  const isTheirs =
    error instanceof InputError ||
    error instanceof ReceiptError ||
    (error instanceof TypeError && 'code' in error);
  if (!isTheirs) throw error;
  console.error(error instanceof ReceiptError ? `--receipt: ${error.message}` : error.message);
  process.exitCode = EXIT_UNREADABLE;
}
