import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { type GrantingEnvironment, grantCoupons, grantItemOf } from '../../client/grants.ts';
import { type InMemoryServices, inMemoryServices } from '../contract/support/in-memory-services.ts';
import { createTable } from '../support/dynamo-engine.ts';

let memory: InMemoryServices;
let environment: GrantingEnvironment;
let table: string;
let told: unknown[];

beforeEach(async () => {
  memory = inMemoryServices();
  const { dynamodb } = memory.clients;
  table = await createTable(dynamodb, { grantId: 'S' });
  environment = { clients: { dynamodb }, outputs: { GrantsTableName: table } };
  told = [];
});

/** Tells the event, and how many grants are stored by then. */
async function put(given: object): Promise<string> {
  told.push([given, (await stored())?.length]);
  return `record ${told.length}`;
}

const request = { userId: 7, coupons: 5, reason: 'for the wait', grantId: 'a' };
const grant = (more: object = {}) => grantItemOf({ ...request, ...more }, memory.now());

const event = { type: 'CouponGrantEvent', userId: 7, grantId: 'a' };
const stored = async () => (await memory.clients.dynamodb.send(new ScanCommand({ TableName: table }))).Items;

describe('a grant', () => {
  it('is stored, and then told', async () => {
    expect(await grantCoupons(environment, grant(), put)).toBe('record 1');
    expect(told).toEqual([[event, 1]]);
    // Whether it is taken is not for who makes it to say.
    expect(await stored()).toEqual([
      {
        ...{ grantId: { S: 'a' }, userId: { S: '7' }, coupons: { N: '5' }, reason: { S: 'for the wait' } },
        grantedAt: { N: String(memory.now()) },
      },
    ]);
  });

  it('that is made again is told again, and stays as it was', async () => {
    await grantCoupons(environment, grant(), put);
    const first = await stored();
    memory.advance(5_000);
    await grantCoupons(environment, grant({ userId: '7' }), put);
    expect(told).toEqual([
      [event, 1],
      [event, 1],
    ]);
    expect(await stored()).toEqual(first);
  });

  it.each([{ coupons: 6 }, { userId: 8 }, { reason: 'another' }])(
    'that is another one under the same id (%j) is none: nothing is told',
    async (more) => {
      await grantCoupons(environment, grant(), put);
      await expect(grantCoupons(environment, grant(more), put)).rejects.toThrow(
        'Grant a is there and gives 5 to user 7 ("for the wait"): take another id',
      );
      expect(told).toHaveLength(1);
    },
  );

  it('whose event cannot be put says its id: the same again completes it', async () => {
    const failed = grantCoupons(environment, grant(), () => Promise.reject(new Error('No route')));
    await expect(failed).rejects.toThrow(
      'Grant a is stored, and nothing is known of its event (No route): the same again with this id completes it',
    );
    await grantCoupons(environment, grant(), put);
    expect(told).toEqual([[event, 1]]);
  });

  it('has an id of its own where none is given', () => {
    const ids = [1, 2].map(() => grantItemOf({ ...request, grantId: undefined }, 0).grantId);
    expect(new Set(ids).size).toBe(2);
  });
});

it.each([
  [{ userId: '' }, 'userId'],
  [{ userId: -1 }, 'userId'],
  [{ userId: 'a\ud800' }, 'userId'],
  [{ coupons: 0 }, 'coupons'],
  [{ coupons: 1.5 }, 'coupons'],
  [{ coupons: Number.NaN }, 'coupons'],
  [{ coupons: 2 ** 32 + 1 }, 'coupons'],
  [{ reason: '' }, 'reason'],
  [{ reason: 'x'.repeat(257) }, 'reason'],
  [{ grantId: '' }, 'grantId'],
  [{ grantId: 'x'.repeat(129) }, 'grantId'],
])('refuses %j, and names %s', (more, field) => {
  expect(() => grant(more)).toThrow(new RegExp(`^${field} must be [^\n]+$`));
});

it('says that an environment has no grants yet, and tells nothing', async () => {
  await expect(grantCoupons({ ...environment, outputs: {} }, grant(), put)).rejects.toThrow(
    'The environment has no output GrantsTableName: it is of an earlier version',
  );
  expect(told).toEqual([]);
});
