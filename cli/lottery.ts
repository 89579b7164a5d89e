/**
 * `npx lottery`: whoever runs a game, here or deployed. Exit codes: cli/exit-codes.ts.
 * The scripts of package.json that are its subcommands too (cli/scripts.json) are started by lottery.mjs, and do not come here.
 */
import { exitCodes } from './exit-codes.ts';
import { runLottery } from './program.ts';

/** One Ctrl-C comes twice, from the terminal and from whoever passes it on. */
const SAME_INTERRUPT_MS = 1_000;
/** How long what is under way may take to end. */
const ENDING_MS = 2_000;

const ending = new AbortController();
let interruptedAt: number | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Nobody reads on (`| head`): that is no failure.
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw error;
});

process.exitCode = await runLottery(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
});

function interrupt(): void {
  interruptedAt ??= Date.now();
  ending.abort();
  if (Date.now() - interruptedAt > SAME_INTERRUPT_MS) process.exit(exitCodes.interrupted);
  setTimeout(() => process.exit(exitCodes.interrupted), ENDING_MS).unref();
}
