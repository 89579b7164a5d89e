import type { Command } from 'commander';
import { putAndWait, putEvent } from '../../client/exchange.ts';
import { grantCoupons, grantItemOf } from '../../client/grants.ts';
import { type GrantItem, longestReason, maximumGrantedCoupons } from '../../lambda/core/grant.ts';
import { wholeNumber } from '../command-options.ts';
import { UsageError } from '../exit-codes.ts';
import { describe } from '../start/describe.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';
import {
  accepted,
  isRepetition,
  sayPut,
  toldIfNothingCame,
  type WaitingOptions,
  waiting,
} from './waiting.ts';

interface Options extends WaitingOptions {
  reason: string;
  id?: string;
}

export function command(context: CommandContext): Command {
  return waiting(environmentCommand())
    .argument('<user>', 'the id')
    .argument('<coupons>', 'how many', wholeNumber(1, maximumGrantedCoupons))
    .requiredOption('--reason <text>', `why, up to ${longestReason} characters: everybody can read it`)
    .option('--id <id>', 'of the grant: the same again gives nothing more; default: a new one')
    .addHelpText(
      'after',
      examples(
        'grant 7 5 --reason "the page was down"',
        'grant anna 1 --reason "ticket 812" --id ticket-812',
      ),
    )
    .action((user: string, coupons: number, options: Options) => grant(context, user, coupons, options));
}

async function grant(
  context: CommandContext,
  user: string,
  coupons: number,
  options: Options,
): Promise<void> {
  const { clock, signal } = context;
  const item = itemOf({ userId: idOf('user', user).text, coupons, ...options }, clock.now());
  const environment = await context.open(options.env);
  // Before anything is stored: whoever is interrupted can repeat it.
  if (options.id === undefined)
    context.note(`Grant ${item.grantId}: with --id ${item.grantId} it can be repeated`);
  if (!options.wait) {
    const recordId = await grantCoupons(environment, item, (event) =>
      putEvent({ environment, clock }, event),
    );
    sayPut(context, recordId, options);
    return;
  }
  const timeoutMs = options.timeout * 1000;
  const arrived = await grantCoupons(environment, item, (event) =>
    putAndWait(
      { environment, clock, signal },
      { channel: 'user', partitionKey: item.userId, event, timeoutMs },
    ).catch(toldIfNothingCame(options.timeout)),
  );
  const said = isRepetition(arrived) ? saidBefore(item) : describe(accepted(arrived), arrived.arrival);
  if (options.json) context.printJson(arrived.event, 2);
  else context.print(said);
}

function itemOf(
  { id, userId, coupons, reason }: Pick<Options, 'reason' | 'id'> & { userId: string; coupons: number },
  now: number,
): GrantItem {
  try {
    return grantItemOf({ userId, coupons, reason, grantId: id }, now);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function saidBefore({ userId, grantId }: GrantItem): string {
  return `user ${userId} was given the coupons of grant ${grantId} before`;
}
