import type { Command } from 'commander';
import type { Draw } from '../../client/draws-of-run.ts';
import { readCoupons, readHistory, type UserHistory } from '../../client/user-history.ts';
import { FailedError } from '../exit-codes.ts';
import { table } from '../table.ts';
import { momentText } from '../times.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';
import { type Id, idOf } from './ids.ts';
import { lineOf } from './waiting.ts';

interface Options extends EnvironmentOptions {
  history?: true;
}

export function command(context: CommandContext): Command {
  return environmentCommand()
    .argument('<user>', 'the id')
    .option('--history', 'also receipts, wins, rejections and refunds, as long as the stream keeps them')
    .addHelpText('after', examples('user 7', 'user anna --history --json'))
    .action((user: string, options: Options) => show(context, user, options));
}

async function show(context: CommandContext, text: string, { env, json, history }: Options): Promise<void> {
  const { clock, signal } = context;
  const id = idOf('user', text);
  const environment = await context.open(env);
  const options = { environment, clock, signal };
  const coupons = await readCoupons(options, id.text);
  if (coupons === undefined) throw new FailedError(`Nothing of user ${id.text} was ever processed in ${env}`);
  const past = history && (await readHistory(options, id.text));
  if (json) context.printJson(documentOf(id, coupons, past), 2);
  else context.print(textOf(id, coupons, past, clock.now()));
  if (past && !past.isWhole) context.note('There is more than was read: the history is not complete');
}

function documentOf({ wire }: Id, availableCoupons: number, past: UserHistory | undefined): object {
  const balance = { userId: wire, availableCoupons };
  if (past === undefined) return balance;
  const { outcomes, wins, retentionHours, isWhole } = past;
  return { ...balance, history: outcomes, wins, retentionHours, isWhole };
}

function textOf({ wire }: Id, coupons: number, past: UserHistory | undefined, now: number): string {
  const balance = table(['USER', 'COUPONS'], [[String(wire), coupons]]);
  if (past === undefined) return balance;
  const lines = [
    ...past.outcomes.map((arrived) => ({ at: arrived.arrival, text: lineOf(arrived) })),
    ...past.wins.map((draw) => ({ at: draw.windowEnd, text: winText(draw) })),
  ].sort((left, right) => left.at - right.at);
  const kept = `What came out more than ${past.retentionHours} h ago is not on the stream any more: lottery export`;
  const history = lines.map(({ at, text }) => [momentText(at, now), text]);
  return [balance, '', table(['CAME OUT (UTC)', 'WHAT'], history), '', kept].join('\n');
}

function winText({ drawId, entries, prize }: Draw): string {
  const what = prize === undefined ? '' : `: ${JSON.stringify(prize)}`;
  return `won draw ${drawId} among ${entries} ${entries === 1 ? 'entry' : 'entries'}${what}`;
}
