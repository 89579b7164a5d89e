import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { type Arrived, type Exchange, putEvent, withExchange } from '../../client/exchange.ts';
import { type CommandContext, environmentCommand, examples } from './context.ts';
import { type Id, idOf } from './ids.ts';
import {
  accepted,
  isRepetition,
  sayOutcome,
  sayPut,
  toldIfNothingCame,
  type WaitingOptions,
  waiting,
} from './waiting.ts';

interface Options extends WaitingOptions {
  buy?: boolean;
}

export function command(context: CommandContext): Command {
  return waiting(environmentCommand())
    .argument('<user>', 'the id')
    .argument('<lottery>', 'the id')
    .option('--buy', 'buy a coupon where the user has none: on this machine that is done anyway')
    .option('--no-buy', 'never buy one')
    .addHelpText('after', examples('click 7 promo', 'click 7 promo --no-wait'))
    .action((user: string, lottery: string, options: Options) => click(context, user, lottery, options));
}

async function click(
  context: CommandContext,
  user: string,
  lottery: string,
  options: Options,
): Promise<void> {
  const { clock, signal } = context;
  const ids = { user: idOf('user', user), lottery: idOf('lottery', lottery) };
  const environment = await context.open(options.env);
  if (!options.wait) {
    sayPut(context, await putEvent({ environment, clock }, clickEvent(ids, clock.now())), options);
    return;
  }
  const { buy = environment.isLocal, timeout } = options;
  const by = clock.now() + timeout * 1000;
  const arrived = await withExchange(
    { environment, clock, signal },
    { channel: 'user', partitionKey: ids.user.text },
    async (exchange) => {
      const send = async (event: object) => exchange.outcomeOf(await exchange.put(event), by);
      const first = await send(clickEvent(ids, clock.now()));
      if (!buy || !hasNoCoupon(first)) return first;
      await buyOne(context, ids.user, send);
      return send(clickEvent(ids, clock.now()));
    },
  ).catch(toldIfNothingCame(timeout));
  sayOutcome(context, arrived, options);
}

/** With an id of its own a put that the SDK repeats counts once. */
function clickEvent({ user, lottery }: { user: Id; lottery: Id }, timestamp: number): object {
  const named = { userId: user.wire, lotteryId: lottery.wire };
  return { type: 'UserClickEvent', timestamp, ...named, eventId: randomUUID() };
}

function hasNoCoupon({ event }: Arrived): boolean {
  return event.type === 'EventRejectedEvent' && event.reason === 'NO_COUPON';
}

async function buyOne(
  context: CommandContext,
  { wire }: Id,
  send: (event: object) => ReturnType<Exchange['outcomeOf']>,
): Promise<void> {
  const event = { type: 'UserBuyCouponEvent', userId: wire, purchasedCoupons: 1, eventId: randomUUID() };
  const bought = await send(event);
  if (!isRepetition(bought)) accepted(bought);
  context.note(`User ${wire} had no coupon: bought one`);
}
