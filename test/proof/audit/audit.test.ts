import { describe, expect, it } from 'vitest';
import type { OutputEvent } from '../../../client/output-events.ts';
import { seedCommitment } from '../../../lambda/core/fairness.ts';
import { audit } from '../../../proof/audit/audit.ts';
import { type Block, drawsTableItem, type Evidence } from '../../../proof/audit/evidence.ts';
import {
  blocks,
  closedEvent,
  drawId,
  endedEvent,
  late,
  lost,
  nameOf,
  names,
  publishedOf,
  receipts,
  refOf,
  refundEvent,
  seed,
  shard,
  sound,
  winnerEvent,
  won,
} from './evidence.ts';

/** What the audit itself finds; the verifier's findings are tested with the verifier. */
async function findings(changed: Partial<Evidence>): Promise<string[]> {
  const evidence = { ...sound, ...changed };
  const violations = await audit({ ...evidence, published: publishedOf(evidence.outputs) });
  return violations.filter((violation) => !violation.startsWith('verifier'));
}

function users(change: (events: readonly OutputEvent[]) => OutputEvent[]): Partial<Evidence> {
  return { outputs: { ...sound.outputs, user: change(sound.outputs.user) } };
}

function lotteries(change: (events: readonly OutputEvent[]) => OutputEvent[]): Partial<Evidence> {
  return { outputs: { ...sound.outputs, lottery: change(sound.outputs.lottery) } };
}

const without = (event: OutputEvent) => (events: readonly OutputEvent[]) =>
  events.filter((other) => other !== event);
const withMore = (event: OutputEvent) => (events: readonly OutputEvent[]) => [...events, event];

const [openItem] = sound.open;
const draw = sound.draws[0];
const run = sound.lotteries[0]?.current;
if (!draw || !run || !openItem) throw new Error('The sound run has a draw and a lottery');

const close = sound.closed[0];
if (!close) throw new Error('The sound run has a closed draw');
const chain = { chainHash: 'a'.repeat(64), publicKey: 'b', genesisSeconds: 1, periodSeconds: 3 };
const proofOf = (event: OutputEvent): object => Object(Reflect.get(event, 'receipt'));

/** The draw with a third block, which the bucket has. */
function drawOf(block: Block, root = 'f'.repeat(64)): Partial<Evidence> {
  const name = nameOf(block);
  const { blocks: own = [] } = sound.draws[0] ?? {};
  return {
    draws: sound.draws.map((each) => ({ ...each, blocks: [...own, `${name}/${root}`] })),
    blocks: new Map([...sound.blocks, [name, block]]),
  };
}

const grant = { grantId: 'a', userId: '1', coupons: 5, reason: 'for the wait', grantedAt: 0 };
const granted: OutputEvent = {
  ...{ type: 'CouponsGrantedEvent', userId: 1, grantId: 'a', coupons: 5, reason: 'for the wait' },
  ...{ availableCoupons: 9, recordId: `${shard}:9` },
};

describe('the audit', () => {
  it('finds nothing where all is right', async () => {
    expect(await audit(sound)).toEqual([]);
  });

  it('finds nothing in a refund that its user knows and that is not marked yet', async () => {
    const knowing = (user: Evidence['users'][number]) =>
      user.userId === '3' ? { ...user, refunds: [`${drawId}/${late}`] } : user;
    const refunds = sound.refunds.map(({ isTaken: _, ...refund }) => refund);
    expect(await audit({ ...sound, refunds, users: sound.users.map(knowing) })).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['an outcome is missing', users(without(receipts.lost)), `user event ${lost} has no outcome`],
    [
      'an event has two different outcomes',
      users(withMore({ ...receipts.lost, availableCoupons: 3 })),
      `user event ${lost} has different outcomes`,
    ],
    [
      'an outcome is of no event',
      users(
        withMore({ type: 'EventRejectedEvent', reason: 'NO_COUPON', message: '', recordId: `${shard}:9` }),
      ),
      `there is an outcome of user event ${shard}:9, which was never put`,
    ],
    [
      'an event that was put is not on the stream',
      { put: { ...sound.put, user: [...sound.put.user, `${shard}:77`] } },
      `user event ${shard}:77 was put and is not on its stream`,
    ],
    [
      'a balance is wrong',
      { users: sound.users.map((user) => (user.userId === '2' ? { ...user, coupons: 3 } : user)) },
      'user 2 has 3 coupons, and must have 4',
    ],
    [
      'a user who bought is not stored',
      { users: sound.users.slice(1) },
      'user 1 has 0 coupons, and must have 4',
    ],
    [
      'a winner was never announced',
      lotteries(without(winnerEvent)),
      `draw ${drawId} is stored, and was not announced`,
    ],
    [
      'two winners of one draw were announced',
      lotteries(withMore({ ...winnerEvent, userId: 2 })),
      `draw ${drawId}: it has different winners`,
    ],
    ['a draw is not stored', { draws: [] }, `draw ${drawId} was announced, and is not stored`],
    [
      'the announced winner is not the stored one',
      lotteries((events) => [...without(winnerEvent)(events), { ...winnerEvent, entryId: lost, userId: 2 }]),
      `draw ${drawId}: entryId is stored as ${won}, and was announced as ${lost}`,
    ],
    [
      'somebody should have won',
      { ...users(without(refundEvent)), refunds: [] },
      `draw ${drawId}: entry ${late} of user 3 is in none of its blocks`,
    ],
    [
      'the winner was no entry of the draw',
      { draws: [{ ...draw, winner: { ...draw.winner, entryId: `${shard}:500` } }] },
      `draw ${drawId}: entryId is stored as ${shard}:500, and was announced as ${won}`,
    ],
    [
      'the window seed is not the one of the lottery',
      { draws: [{ ...draw, windowSeed: 'cd'.repeat(32) }] },
      `draw ${drawId}: windowSeed is stored as ${'cd'.repeat(32)}, and was announced as ${draw.windowSeed}`,
    ],
    [
      'the prize is wrong',
      { draws: [{ ...draw, prize: 'a car' }] },
      `draw ${drawId}: prize is stored as a car, and was announced as undefined`,
    ],
    [
      'a refund was not announced',
      users(without(refundEvent)),
      `refund ${drawId}/${late} is stored, and was not announced`,
    ],
    [
      'a refund was announced that nobody granted',
      { refunds: [] },
      `refund ${drawId}/${late} was announced, and is not stored`,
    ],
    [
      'a refund was stored for another user',
      { refunds: sound.refunds.map((refund) => ({ ...refund, userId: '2' })) },
      `refund ${drawId}/${late}: userId is stored as 2, and was announced as 3`,
    ],
    [
      'a refund is stored under another name',
      { refunds: sound.refunds.map((refund) => ({ ...refund, entryId: lost })) },
      `refund ${drawId}/${late}: place is stored as ${drawId}/${lost}, and was announced as ${drawId}/${late}`,
    ],
    [
      'a refund was forgotten before it was marked as taken',
      { refunds: sound.refunds.map((refund) => ({ ...refund, isTaken: false })) },
      `refund ${drawId}/${late} is neither marked as taken nor known by user 3`,
    ],
    [
      'a grant was never given, and counts as given',
      { grants: [{ ...grant, isTaken: true }] },
      'grant a counts as given to user 1, and was not',
    ],
    [
      'a user knows of a grant that was never given',
      { grants: [grant], users: sound.users.map((user) => ({ ...user, grants: ['a'] })) },
      'grant a counts as given to user 1, and was not',
    ],
    [
      'a user knows of a grant of somebody else',
      { grants: [grant], users: sound.users.map((user) => ({ ...user, grants: ['a'] })) },
      'user 2 knows of grant a, which is not theirs',
    ],
    [
      'a grant was forgotten before it was marked as taken',
      { ...users(withMore(granted)), grants: [grant] },
      'grant a is neither marked as taken nor known by user 1',
    ],
    [
      'a user knows of a refund of somebody else',
      { users: sound.users.map((user) => ({ ...user, refunds: [`${drawId}/${late}`] })) },
      `user 2 knows of refund ${drawId}/${late}, which is not theirs`,
    ],
    [
      'a user knows of a refund that is not stored',
      { users: sound.users.map((user) => ({ ...user, refunds: user.userId === '3' ? ['x/y'] : [] })) },
      'user 3 knows of refund x/y, which is not theirs',
    ],
    [
      'a coupon went back twice',
      users(withMore({ ...refundEvent, recordId: `${shard}:5` })),
      `draw ${drawId}: an entry was refunded twice`,
    ],
    [
      'what was refunded was not redriven',
      { settings: { ...sound.settings, redriven: new Set() } },
      `draw ${drawId}: an entry was refunded as it could not: ${JSON.stringify(refundEvent)}`,
    ],
    [
      'a draw is open still',
      { open: [{ ...openItem, draws: { '1@4000': { dueAt: 7_000, blocks: [] } } }] },
      'draw 1@4000 is due, and in 1#1/open still',
    ],
    [
      'a block is not in the bucket',
      { blocks: new Map([...sound.blocks].filter(([name]) => name !== names.first)) },
      `draw ${drawId}: its block ${names.first} is not in the bucket`,
    ],
    [
      'a block is not what its name says',
      { blocks: new Map([...sound.blocks, [names.first, blocks.second]]) },
      `block ${names.first} is not what its name says`,
    ],
    [
      'a block of a draw has nothing of it',
      drawOf({ '2@4000': [[lost, '2']] }),
      `draw ${drawId}: its block ${nameOf({ '2@4000': [[lost, '2']] })} has no entry of it`,
    ],
    [
      'a draw lacks a block',
      { draws: [{ ...draw, blocks: [refOf(blocks.first)] }] },
      `draw ${drawId}: entry ${lost} of user 2 is in none of its blocks`,
    ],
    [
      'a draw has the entry of somebody else',
      drawOf({ [drawId]: [[lost, '7']] }),
      `draw ${drawId}: entry ${lost} of user 2 is in none of its blocks`,
    ],
    [
      'a draw has an entry that was refunded',
      drawOf({ [drawId]: [[late, '3']] }),
      `draw ${drawId}: entry ${late} is in its blocks, and has no receipt for it or was refunded`,
    ],
    [
      'an end was not announced',
      lotteries(without(endedEvent)),
      'run 1#1: status is stored as ended, and was announced as stopped',
    ],
    [
      'a seed is wrong',
      lotteries((events) => [...without(endedEvent)(events), { ...endedEvent, seed: 'ef'.repeat(32) }]),
      `run 1#1: seed is stored as ${seed}, and was announced as ${'ef'.repeat(32)}`,
    ],
    ['a seed is not stored', { seeds: [] }, 'run 1#1: hasSeed is stored as false, and was announced as true'],
    [
      'a seed is stored under another name',
      { seeds: [{ seedCommitment: seedCommitment(seed), seed: 'ef'.repeat(32) }] },
      'run 1#1: hasSeed is stored as false, and was announced as true',
    ],
    [
      'a run that ended is stored as stopped',
      { lotteries: [{ lotteryId: '1', run: 0, current: { ...run, status: 'stopped' } }] },
      'run 1#1: status is stored as stopped, and was announced as ended',
    ],
    [
      'a run that ended is stored as active',
      { lotteries: [{ lotteryId: '1', run: 0, current: { ...run, status: 'active' } }] },
      'run 1#1: status is stored as active, and was announced as ended',
    ],
    [
      'an announcement counts other entries than are stored',
      lotteries((events) => [...without(winnerEvent)(events), { ...winnerEvent, entries: 99 }]),
      `draw ${drawId}: entries is stored as 2, and was announced as 99`,
    ],
    [
      'an announcement has another window seed than is stored',
      lotteries((events) => [
        ...without(winnerEvent)(events),
        { ...winnerEvent, windowSeed: 'cd'.repeat(32) },
      ]),
      `draw ${drawId}: windowSeed is stored as ${draw.windowSeed}, and was announced as ${'cd'.repeat(32)}`,
    ],
    [
      'a run has other prizes than were announced',
      {
        lotteries: [
          { lotteryId: '1', run: 0, current: { ...run, prizes: ['a car'], firstWindowStart: 4_000 } },
        ],
      },
      'run 1#1: prizes is stored as a car, and was announced as undefined',
    ],
    [
      'a run has another last window than was announced',
      { lotteries: [{ lotteryId: '1', run: 0, current: { ...run, lastWindowStart: 4_000 } }] },
      'run 1#1: lastWindowStart is stored as 4000, and was announced as 2000',
    ],
    [
      'a run has other windows than were announced',
      { lotteries: [{ lotteryId: '1', run: 0, current: { ...run, windowMs: 1_000 } }] },
      'run 1#1: windowMs is stored as 1000, and was announced as 2000',
    ],
    [
      'a batch was given up',
      { failedBatches: ['aws/lambda/x'] },
      'a failed batch is in the artifacts bucket: aws/lambda/x',
    ],
  ])('finds that %s', async (_what, changed, violation) => {
    expect(await findings(changed)).toContain(violation);
  });

  it.each<[string, Partial<Evidence>, string]>([
    [
      'a receipt is signed by nobody',
      users((events) => [
        ...without(receipts.won)(events),
        { ...receipts.won, receipt: { ...proofOf(receipts.won), signature: 'A'.repeat(86) } } as OutputEvent,
      ]),
      `the receipt of entry ${won} in draw ${drawId}: it is not signed with its run's key`,
    ],
    [
      'a receipt names another place',
      users((events) => [
        ...without(receipts.lost)(events),
        { ...receipts.lost, receipt: { ...proofOf(receipts.lost), index: 0 } } as OutputEvent,
      ]),
      `the receipt of entry ${lost} in draw ${drawId}: its path does not lead to the roots that it names`,
    ],
    ['a draw was never closed', { closed: [] }, `draw ${drawId}: it was made, and never closed`],
    [
      'a draw was closed twice',
      lotteries(withMore({ ...closedEvent, blocks: 3 } as OutputEvent)),
      `draw ${drawId}: it was closed in 2 ways`,
    ],
    [
      'a draw was closed before its time',
      { closed: [{ ...close, closedAt: 4_000 }] },
      `draw ${drawId}: it was closed before its window was complete`,
    ],
    [
      'a draw has a round, and its run no beacon',
      { closed: [{ ...close, beacon: { round: 7, chain } }] },
      `draw ${drawId}: its round is 7, and must be undefined`,
    ],
    [
      'a draw was closed with a block that it was not made of',
      { closed: [{ ...close, blocks: [refOf(blocks.first)] }] },
      `draw ${drawId}: it was made of other blocks than it was closed with`,
    ],
    ['a sheet is not there', { sheets: new Map() }, `draw ${drawId}: its sheet is not in the bucket`],
    [
      'there is a sheet of no draw',
      { sheets: new Map([...sound.sheets, ['0'.repeat(64), '']]) },
      `sheet ${'0'.repeat(64)} is of no draw`,
    ],
  ])('finds that %s', async (_what, changed, violation) => {
    expect(await findings(changed)).toContain(violation);
  });

  it('takes a draw for open that is not due yet', async () => {
    const far = { ...openItem, draws: { '1@2000000': { dueAt: 2_003_000, blocks: [] } } };
    expect(await findings({ open: [far] })).toEqual([]);
  });

  it.each([
    ['draw', draw],
    ['open', openItem],
  ])('tells the items of the draws table apart: %s', (kind, item) => {
    expect(drawsTableItem.parse(item)).toEqual({ kind, item });
  });

  it('asks the offline verifier as well', async () => {
    const forged = lotteries((events) => [
      ...without(winnerEvent)(events),
      { ...winnerEvent, entryId: lost },
    ]);
    const outputs = { ...sound.outputs, ...forged.outputs };
    const violations = await audit({ ...sound, outputs, published: publishedOf(outputs) });
    expect(violations.some((line) => line.startsWith('verifier: FAIL'))).toBe(true);
  });
});

describe('the archive', () => {
  const user = `archive/user/2026-11-26/${shard}/2-3.jsonl.gz`;
  const changed = (key: string, change: (text: string) => string | undefined): Partial<Evidence> => ({
    archive: new Map(
      [...sound.archive].flatMap(([name, text]) => {
        const kept = name === key ? change(text) : text;
        return kept === undefined ? [] : [[name, kept]];
      }),
    ),
  });

  it.each([
    ['an object that is missing', () => undefined, [`user output ${shard}:3 is not in the archive`]],
    [
      'an event that is another one',
      (text: string) => text.replace('"n":3', '"n":4'),
      [`user output ${shard}:3 is another one in the archive`],
    ],
    [
      'a record that is left out',
      (text: string) => `${text.split('\n')[0]}\n`,
      [`${user} is not of the records that it has`, `user output ${shard}:3 is not in the archive`],
    ],
    [
      'an object of another day',
      (text: string) => text.replaceAll('"arrival":1795', '"arrival":1796'),
      [`${user} is not of the records that it has`],
    ],
    ['a line that is cut off', (text: string) => text.trimEnd(), [`${user} has a last line without an end`]],
  ])('%s is found', async (_, change, expected) => {
    const found = await findings(changed(user, change));
    expect(found).toEqual(expect.arrayContaining(expected));
  });
});
