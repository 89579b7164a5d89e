import { CommanderError } from 'commander';
import { EnvironmentError } from '../client/environment/environment-error.ts';
import { isUnreachable, namesOf } from '../client/unreachable.ts';

/** What `lottery` ends with; its subcommands that are scripts too have their own. */
export const exitCodes = {
  done: 0,
  /** It failed, or what was asked is not so: a rejection, a time-out. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** There is no such environment, or it cannot be reached. */
  unreachable: 3,
  /** As shells report a process that Ctrl-C ended. */
  interrupted: 130,
} as const;

/** What is wrong with the command line, in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked is not so, or did not come to be, in one line. */
export class FailedError extends Error {
  override readonly name = 'FailedError';
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof EnvironmentError) return exitCodes.unreachable;
  return isUnreachable(error) ? exitCodes.unreachable : exitCodes.failed;
}

/** One line of an error; of a defect its stack. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isDefect = error instanceof TypeError || error instanceof ReferenceError;
  if (isDefect) return error.stack ?? error.message;
  const isOurs =
    error instanceof UsageError || error instanceof FailedError || error instanceof EnvironmentError;
  const message = (error.message || namesOf(error).join(' ')).replace(/\s*\n\s*/g, ' ');
  // Of AWS: the name tells most, AccessDeniedException say. BrokerError says in its sentence that it is Kafka.
  return isOurs || error.name === 'Error' || error.name === 'BrokerError'
    ? message
    : `${error.name}: ${message}`;
}
