import type { Mutant } from './mutant.ts';

const core = (name: string) => `lambda/core/${name}.ts`;
const adapter = (name: string) => `lambda/adapters/${name}.ts`;
const draw = (name: string) => `lambda/functions/draw/${name}.ts`;

/** Coupons that go back: once, and for what is in no draw. */
export const refunds: readonly Mutant[] = [
  {
    name: 'a refund is granted to whoever asks',
    file: core('user'),
    from: 'granted?.userId === event.userId && granted.lotteryId === event.lotteryId',
    to: 'granted !== undefined',
  },
  {
    name: 'a refund is granted as often as it comes',
    file: core('user'),
    from: 'granted.isTaken || isAmong(',
    to: 'granted.isTaken && isAmong(',
  },
  {
    name: 'refunds are read eventually',
    file: adapter('refunds-table'),
    from: `ids.map((refundId) => ({ refundId })),\n      true,`,
    to: `ids.map((refundId) => ({ refundId })),\n      false,`,
  },
  {
    name: 'a draw outside its run is refunded, though it was made',
    file: draw('refunds'),
    from: 'stored: await dependencies.draws.drawOf(drawId),',
    to: 'stored: drawId === "" ? await dependencies.draws.drawOf(drawId) : undefined,',
  },
  {
    name: 'what came after its draw is forgotten',
    file: draw('settle'),
    from: '...(await refundLate(run, made, dependencies)),',
    to: '...made.map(({ open }) => open),',
  },
  {
    name: 'all of a block that came after its draw is refunded',
    file: draw('refunds'),
    from: 'missed.delete(entryId);',
    to: "missed.delete('');",
  },
  {
    name: 'a refund that is taken is forgotten before its table says so',
    file: 'lambda/functions/user-events/proven-users.ts',
    from: '    if (given.length > 0) await this.#table.take(given);\n',
    to: '',
  },
  {
    name: 'refunds are read before their users',
    file: 'lambda/functions/user-events/proven-users.ts',
    from: '    const users = await this.#users.load(userIds, options);\n',
    to: `    const early = await this.#table.granted(this.#askedOf(userIds));
    const users = await this.#users.load(userIds, options);
    for (const [id, proof] of early) this.#granted.set(id, proof);
    if (early.size > 0) return users;\n`,
  },
  {
    name: 'a refund is not asked for',
    file: draw('refunds'),
    from: '    stored.map((each) => ({ partitionKey',
    to: '    stored.slice(stored.length).map((each) => ({ partitionKey',
  },
  {
    name: 'a refund is asked for by whoever stored it only',
    file: draw('refunds'),
    from: '    stored.map((each) => ({ partitionKey',
    to: '    stored.slice(0, isNew).map((each) => ({ partitionKey',
  },
];
