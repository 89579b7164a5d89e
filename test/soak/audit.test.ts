import { describe, expect, it } from 'vitest';
import type { OutputEvent } from '../../local/cli/output-events.ts';
import { audit } from '../../local/soak/audit/audit.ts';
import type { Evidence } from '../../local/soak/evidence.ts';
import {
  drawId,
  endedEvent,
  late,
  lost,
  receipts,
  refundEvent,
  shard,
  sound,
  winnerEvent,
  won,
} from './evidence.ts';

/** What the audit itself finds; the verifier's findings are tested with the verifier. */
async function findings(changed: Partial<Evidence>): Promise<string[]> {
  const violations = await audit({ ...sound, ...changed });
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

const draw = sound.draws[0];
const run = sound.lotteries[0]?.current;
if (!draw || !run) throw new Error('The sound run has a draw and a lottery');

describe('the audit', () => {
  it('finds nothing where all is right', async () => {
    expect(await audit(sound)).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['an outcome is missing', users(without(receipts.lost)), `user event ${lost} has 0 distinct outcomes`],
    [
      'an event has two different outcomes',
      users(withMore({ ...receipts.lost, availableCoupons: 3 })),
      `user event ${lost} has 2 distinct outcomes`,
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
      'user 2 has 3 coupons, the outcomes say 4',
    ],
    [
      'a user who bought is not stored',
      { users: sound.users.slice(1) },
      'user 1 has 0 coupons, the outcomes say 4',
    ],
    [
      'a winner was never announced',
      lotteries(without(winnerEvent)),
      `draw ${drawId} is stored, and was never announced`,
    ],
    [
      'two winners of one draw were announced',
      lotteries(withMore({ ...winnerEvent, userId: 2 })),
      `draw ${drawId} was announced with 2 different contents`,
    ],
    ['a draw is not stored', { draws: [] }, `draw ${drawId} was announced, but is not stored`],
    [
      'the announced winner is not the stored one',
      lotteries((events) => [...without(winnerEvent)(events), { ...winnerEvent, entryId: lost, userId: 2 }]),
      `draw ${drawId} was announced with another winner than the stored one`,
    ],
    [
      'somebody should have won',
      { ...users(without(refundEvent)), lateEntries: [] },
      `entry ${late} should have won draw ${drawId}`,
    ],
    [
      'the winner was no entry of the draw',
      { draws: [{ ...draw, winner: { ...draw.winner, entryId: `${shard}:500` } }] },
      `the winner of ${drawId} was never an entry of it`,
    ],
    [
      'the window seed is not the one of the lottery',
      { draws: [{ ...draw, windowSeed: 'cd'.repeat(32) }] },
      `draw ${drawId} has a window seed that is not its run's`,
    ],
    [
      'the prize is wrong',
      { draws: [{ ...draw, prize: 'a car' }] },
      `draw ${drawId} has the prize 'a car', not 'undefined'`,
    ],
    [
      'a late entry was not announced',
      users(without(refundEvent)),
      `entry ${late} in ${drawId} is stored as refunded, and that was not announced`,
    ],
    [
      'a coupon went back twice',
      users(withMore({ ...refundEvent, recordId: `${shard}:5` })),
      `entry ${late} left draw ${drawId} 2 times`,
    ],
    [
      'a winner was moved out of its draw',
      users(
        withMore({
          ...{ type: 'EntryMovedEvent', userId: 1, lotteryId: 1, entryId: won, fromDrawId: drawId },
          ...{ drawId: '1@4000', windowStart: 4_000 },
        }),
      ),
      `the winner of ${drawId} was moved out of it`,
    ],
    ['an end was not announced', lotteries(without(endedEvent)), 'run 1#1 was announced as ended 0 times'],
    [
      'a seed is wrong',
      lotteries((events) => [...without(endedEvent)(events), { ...endedEvent, seed: 'ef'.repeat(32) }]),
      'run 1#1 was ended with a wrong seed',
    ],
    [
      'a stopped lottery never ended',
      { lotteries: [{ lotteryId: '1', run: 0, current: { ...run, status: 'stopped' } }] },
      'run 1#1 was stopped and never ended',
    ],
    [
      'a batch was given up',
      { failedBatches: ['aws/lambda/x'] },
      'a failed batch is in the artifacts bucket: aws/lambda/x',
    ],
    [
      'something else is on the stream',
      { foreign: ['hm'] },
      'a record of an output stream is no output event: hm',
    ],
  ])('finds that %s', async (_what, changed, violation) => {
    expect(await findings(changed)).toContain(violation);
  });

  it('asks the offline verifier as well', async () => {
    const forged = lotteries((events) => [
      ...without(winnerEvent)(events),
      { ...winnerEvent, entryId: lost },
    ]);
    expect((await audit({ ...sound, ...forged })).some((line) => line.startsWith('verifier: FAIL'))).toBe(
      true,
    );
  });
});
