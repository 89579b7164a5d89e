/**
 * `npx lottery`: whoever runs a game, here or deployed. Exit codes: cli/exit-codes.ts.
 * The scripts of package.json that are its subcommands too (cli/scripts.json) are started by lottery.mjs, and do not come here.
 */
import { onOutputClosed } from './closed-output.ts';
import { exitCodes } from './exit-codes.ts';
import { runLottery } from './program.ts';

/** One Ctrl-C comes twice, from the terminal and from whoever passes it on. */
const SAME_INTERRUPT_MS = 1_000;
/** How long what is under way may take to end. */
const ENDING_MS = 2_000;

const ending = new AbortController();
let interruptedAt: number | undefined;
let isClosed = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
onOutputClosed(() => {
  isClosed = true;
  end(exitCodes.done);
});

const code = await runLottery(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
});
process.exitCode = isClosed ? exitCodes.done : code;

function interrupt(): void {
  interruptedAt ??= Date.now();
  if (Date.now() - interruptedAt > SAME_INTERRUPT_MS) process.exit(exitCodes.interrupted);
  end(exitCodes.interrupted);
}

/** What is under way ends in good order: a load stops the lottery that it has started. */
function end(code: number): void {
  ending.abort();
  setTimeout(() => process.exit(code), ENDING_MS).unref();
}
