import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { putAndWait, putEvent } from '../../client/exchange.ts';
import { maximumCoupons } from '../../lambda/core/user.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';
import { sayOutcome, sayPut, toldIfNothingCame, type WaitingOptions, waiting } from './waiting.ts';

export function command(context: CommandContext): Command {
  return waiting(environmentCommand())
    .argument('<user>', 'the id')
    .argument('<coupons>', 'how many', coupons)
    .addHelpText('after', examples('buy 7 10', 'buy anna 1 --json'))
    .action((user: string, count: number, options: WaitingOptions) => buy(context, user, count, options));
}

async function buy(
  context: CommandContext,
  user: string,
  purchasedCoupons: number,
  options: WaitingOptions,
): Promise<void> {
  const { clock, signal } = context;
  const id = idOf('user', user);
  const environment = await context.open(options.env);
  // With an id of its own a put that the SDK repeats counts once.
  const event = { type: 'UserBuyCouponEvent', userId: id.wire, purchasedCoupons, eventId: randomUUID() };
  if (!options.wait) {
    sayPut(context, await putEvent({ environment, clock }, event), options);
    return;
  }
  const arrived = await putAndWait(
    { environment, clock, signal },
    { channel: 'user', partitionKey: id.text, event, timeoutMs: options.timeout * 1000 },
  ).catch(toldIfNothingCame(options.timeout));
  sayOutcome(context, arrived, options);
}

function coupons(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= maximumCoupons) return count;
  throw new InvalidArgumentError(`A whole number from 1 to ${maximumCoupons}.`);
}
