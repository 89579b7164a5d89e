import { createInterface } from 'node:readline/promises';

/**
 * Asks on the terminal for an environment's name before something is done to it.
 * @param what is done to it, in a sentence @param undone says that it was not done
 * @throws Error when another answer comes, or nobody can be asked
 */
export async function confirm(
  environment: string,
  what: string,
  { undone, signal }: { undone: string; signal?: AbortSignal },
): Promise<void> {
  if (!process.stdin.isTTY) throw new Error(`${undone}: there is no terminal to ask on (--yes)`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`\n${what} Type its name to go on: `, signal ? { signal } : {});
    if (answer.trim() !== environment) throw new Error(undone);
  } finally {
    terminal.close();
  }
}
