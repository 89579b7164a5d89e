import { beforeEach, describe, expect, test } from 'vitest';
import { buy, click } from '../../support/client-events.ts';
import { activeRun } from '../../support/events.ts';
import { Died } from '../../support/fakes/journal.ts';
import { Pipeline } from '../../support/pipeline.ts';

let pipeline: Pipeline;

beforeEach(setUp);

/** Three grants of 5 coupons for user 1. */
function setUp(): void {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
  for (const grantId of ['a', 'b', 'c']) make(grantId);
}

function make(grantId: string): void {
  pipeline.grants.items.set(grantId, { userId: '1', coupons: 5, reason: `for ${grantId}`, isTaken: false });
}

const grant = (grantId: string, userId = 1) => ({ type: 'CouponGrantEvent', userId, grantId });
const coupons = () => pipeline.users.items.get('1')?.coupons;

/** Grants that were given, as told: the id, once for each record that it was given for. */
function told(): unknown[] {
  const all = pipeline.userOutputs.values.filter(({ type }) => type === 'CouponsGrantedEvent');
  for (const { grantId, reason } of all) expect(reason).toBe(`for ${grantId}`);
  return [...new Map(all.map(({ recordId, grantId }) => [recordId, grantId])).values()].toSorted();
}

describe('whoever dies, before or after whatever it does', () => {
  /** @returns whether somebody died */
  async function playDying(at: number, when: 'before' | 'after'): Promise<boolean> {
    setUp();
    const batches: object[][] = [
      [grant('a'), grant('b')],
      [buy(1, 5)],
      [grant('a')],
      [grant('b'), grant('a'), grant('c')],
      [grant('c')],
    ];
    let left = batches.map((contents) => pipeline.batch(contents));
    let died = false;
    pipeline.effects.dieAt({ at, when });
    while (left[0] !== undefined) {
      try {
        await pipeline.userEvents(left[0]);
        left = left.slice(1);
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        died = true;
        pipeline.restart();
      }
    }
    return died;
  }

  test.each(['before', 'after'] as const)('%s each effect gives each grant once', async (when) => {
    let at = 1;
    while (await playDying(at, when)) {
      expect([at, coupons(), told()]).toEqual([at, 20, ['a', 'b', 'c']]);
      at += 1;
    }
    const steps = new Set(pipeline.journal.map((step) => step.split(' ')[0]));
    expect([at > 10, [...steps].toSorted()]).toEqual([true, ['publish', 'take', 'watermark', 'write']]);
  });
});

describe('grants of one user on two shards', () => {
  const others: [string, object[][]][] = [
    ['gives it', [[grant('a')]]],
    ['gives it, and forgets that', [[grant('a')], [buy(1, 1)]]],
    ['gives it, forgets that, and is asked again', [[grant('a')], [buy(1, 1)], [grant('a')]]],
  ];

  test.each(others.flatMap(([what, batches]) => [0, 1, 3].map((behind) => [what, behind, batches] as const)))(
    'are given once where another invocation %s between any two steps; first reads are %d writes behind',
    async (_, behind, batches) => {
      let steps = 0;
      for (let at = 1; at <= steps + 1; at += 1) {
        setUp();
        pipeline.users.behind = behind;
        const meanwhile = batches.map((contents) => pipeline.batch(contents, { shard: 'other' }));
        steps = 0;
        pipeline.effects.meanwhile = async () => {
          steps += 1;
          if (steps !== at) return;
          pipeline.effects.meanwhile = async () => {};
          for (const batch of meanwhile) await pipeline.userEvents(batch);
        };
        await pipeline.userEvents(pipeline.batch([grant('a')]));
        const bought = steps >= at && batches.length > 1 ? 1 : 0;
        expect([at, told(), coupons()]).toEqual([at, ['a'], 5 + bought]);
      }
      expect(steps).toBeGreaterThan(2);
    },
  );
});

describe('the table of grants', () => {
  test('is asked by batches that name one, and by the next one of a user who was given one; by no others', async () => {
    await pipeline.userEvents(pipeline.batch([buy(1, 5), click(1, 0), buy(2, 1)]));
    expect(pipeline.grants.calls).toBe(0);
    await pipeline.userEvents(pipeline.batch([grant('a'), buy(2, 1)]));
    expect(pipeline.grants.calls).toBe(1);
    await pipeline.userEvents(pipeline.batch([buy(2, 1)]));
    expect(pipeline.grants.calls).toBe(1);
    await pipeline.userEvents(pipeline.batch([buy(1, 1)]));
    expect(pipeline.grants.calls).toBe(2);
    await pipeline.userEvents(pipeline.batch([buy(1, 1)]));
    expect([pipeline.grants.calls, pipeline.grants.items.get('a')?.isTaken]).toEqual([2, true]);
  });

  test('may have a grant only after its event: a later event gives it', async () => {
    await pipeline.userEvents(pipeline.batch([grant('late')]));
    expect(pipeline.userOutputs.take()).toMatchObject([{ reason: 'GRANT_UNKNOWN' }]);
    make('late');
    await pipeline.userEvents(pipeline.batch([grant('late')]));
    expect([coupons(), told()]).toEqual([5, ['late']]);
  });

  test('proves a grant to its user alone, whoever sends it', async () => {
    await pipeline.userEvents(pipeline.batch([grant('a', 2), grant('nobody'), grant('a')]));
    expect(pipeline.userOutputs.values).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ reason: 'GRANT_UNKNOWN', event: grant('a', 2) }),
        expect.objectContaining({ reason: 'GRANT_UNKNOWN', event: grant('nobody') }),
        expect.objectContaining({ type: 'CouponsGrantedEvent', grantId: 'a', userId: 1 }),
      ]),
    );
    expect([coupons(), pipeline.users.items.get('2')?.coupons]).toEqual([5, 0]);
  });

  test('may lose a grant by somebody: its batch comes again all the same, and nothing is given twice', async () => {
    const batch = pipeline.batch([grant('a')]);
    await pipeline.userEvents(batch);
    pipeline.grants.items.delete('a');
    await pipeline.userEvents(batch);
    await pipeline.userEvents(pipeline.batch([grant('a')]));
    const types = pipeline.userOutputs.values.map(({ type, reason }) => [type, reason]);
    expect(types).toEqual([
      ['CouponsGrantedEvent', 'for a'],
      ['CouponsGrantedEvent', undefined],
      ['EventRejectedEvent', 'GRANT_UNKNOWN'],
    ]);
    expect([coupons(), pipeline.grants.items.size]).toEqual([5, 2]);
  });
});
