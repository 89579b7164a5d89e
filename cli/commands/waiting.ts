import { type Command, Option } from 'commander';
import { type Arrived, NothingCame } from '../../client/exchange.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { wholeNumber } from '../command-options.ts';
import { FailedError } from '../exit-codes.ts';
import { describe, printable } from '../start/describe.ts';
import type { CommandContext, EnvironmentOptions } from './context.ts';

/** The options of a subcommand that waits for what comes of it. */
export interface WaitingOptions extends EnvironmentOptions {
  wait: boolean;
  /** Seconds. */
  timeout: number;
}

export function waiting(command: Command): Command {
  return command
    .option('--no-wait', 'do not wait for what comes of it')
    .addOption(
      new Option('--timeout <seconds>', 'how long what is waited for may take')
        .argParser(wholeNumber(1, 86_400))
        .default(30),
    );
}

/** @returns what came, for whoever goes on with it @throws FailedError with the reason where it was rejected */
export function accepted({ event, arrival }: Arrived): Exclude<OutputEvent, { type: 'EventRejectedEvent' }> {
  if (event.type === 'EventRejectedEvent') throw new FailedError(lineOf({ event, arrival }));
  return event;
}

/** Its id was applied before: by an earlier command, or by the same put, which the SDK repeated as its answer was lost. */
export function isRepetition({ event }: Arrived): boolean {
  return event.type === 'EventRejectedEvent' && event.reason === 'DUPLICATE_EVENT';
}

/**
 * Says what came of an event that has an id of nobody else's. A repetition of it was put by nobody but the SDK: it has counted,
 * and whoever took that for a failure would pay twice.
 * @throws FailedError with the reason where it was rejected
 */
export function sayOutcome(context: CommandContext, arrived: Arrived, { json }: WaitingOptions): void {
  if (!isRepetition(arrived)) accepted(arrived);
  if (json) context.printJson(arrived.event, 2);
  else if (isRepetition(arrived)) context.print('Its put was repeated on the way: it has counted, once');
  else context.print(lineOf(arrived));
}

/** One line, whatever strangers have written into it. */
export function lineOf({ event, arrival }: Arrived): string {
  return printable(describe(event, arrival));
}

/** What was put is on the stream: it will have its outcome, though nobody waits for it. */
export function toldIfNothingCame(timeout: number): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof NothingCame)) throw error;
    throw new FailedError(
      `It was put, and ${error.message} has not come within ${timeout} s: lottery status says what is behind`,
    );
  };
}

/** Of what nobody waits for. */
export function sayPut(context: CommandContext, recordId: string, { json }: WaitingOptions): void {
  if (json) context.printJson({ recordId }, 2);
  else context.print(`It is on the stream as ${recordId}`);
}
