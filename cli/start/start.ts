/**
 * `npm start`: one environment of the app on this machine.
 * Exit code 0: ended by Ctrl-C, or all lines of the input are processed; 1: one of them was no event, or there were
 * none, or something failed; 130: Ctrl-C ended a replay.
 */
import { onOutputClosed } from '../closed-output.ts';
import { problemOf } from '../command-options.ts';
import { type Input, openInput, STANDARD_INPUT } from '../input.ts';
import { parseOptions } from './options.ts';

const SAME_INTERRUPT_MS = 1_000;

const EXIT_FAILED = 1;
/** As shells report a process that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

const options = parseOptions(process.argv);
const ending = new AbortController();
let interruptedAt: number | undefined;

process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
onOutputClosed(() => ending.abort());

try {
  const input = options.events === undefined ? undefined : await openInput(options.events);
  const problem =
    options.assembly === undefined ? problemOf(options.env, options.context, options.kafka) : undefined;
  if (problem !== undefined) throw new Error(problem);
  await run(input);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT_FAILED;
}
// A read that nobody waits for any more would keep the process.
if (options.events === STANDARD_INPUT) process.stdin.destroy();

/** What a command line that is wrong does not wait for is loaded here. */
async function run(input: Input | undefined): Promise<void> {
  const { runEnvironment } = await import('./run.ts');
  if (!(await runEnvironment(options, input, ending))) process.exitCode = EXIT_FAILED;
  // Ctrl-C is the way to end a live run, but a replay was not finished.
  if (interruptedAt !== undefined && input !== undefined) process.exitCode = EXIT_INTERRUPTED;
}

/**
 * A second Ctrl-C does not wait for a clean end. One Ctrl-C comes twice, from the terminal and from npm, which
 * passes it on: what follows at once is the same one.
 */
function interrupt(): void {
  interruptedAt ??= Date.now();
  if (Date.now() - interruptedAt > SAME_INTERRUPT_MS) process.exit(EXIT_INTERRUPTED);
  ending.abort();
}
