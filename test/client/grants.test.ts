import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { beforeEach, describe, expect, it } from 'vitest';
import { type GrantPlaces, GrantUnfinished, grantCoupons, grantItemOf } from '../../client/grants.ts';
import { StreamReader } from '../../local/stream-reader.ts';
import { type InMemoryServices, inMemoryServices } from '../contract/support/in-memory-services.ts';
import { createTable } from '../support/dynamo-engine.ts';

let memory: InMemoryServices;
let places: GrantPlaces;
let table: string;

beforeEach(async () => {
  memory = inMemoryServices();
  const { dynamodb, kinesis } = memory.clients;
  await kinesis.send(new CreateStreamCommand({ StreamName: 'in' }));
  table = await createTable(dynamodb, { grantId: 'S' });
  const outputs = { GrantsTableName: table, UserEventsInputStreamName: 'in' };
  places = { dynamodb, kinesis, outputs };
});

const request = { userId: 7, coupons: 5, reason: 'for the wait', grantId: 'a' };
const grant = (more: object = {}) => grantItemOf({ ...request, ...more }, memory.now());

/** The events on the stream, with their partition keys. */
async function events(): Promise<unknown[]> {
  const clock = { now: memory.now, sleep: async () => {} };
  const records = await new StreamReader(memory.clients.kinesis, 'in', clock).poll();
  return records.map(({ partitionKey, data }) => [partitionKey, JSON.parse(Buffer.from(data).toString())]);
}

const event = { type: 'CouponGrantEvent', userId: 7, grantId: 'a' };
const stored = async () => (await memory.clients.dynamodb.send(new ScanCommand({ TableName: table }))).Items;

describe('a grant', () => {
  it('is stored, and told under its user', async () => {
    const { grant: made, recordId } = await grantCoupons(places, grant());
    expect(made).toEqual(grant());
    expect(recordId).toMatch(/^shardId-\d+:\d+$/);
    expect(await events()).toEqual([['7', event]]);
    // Whether it is taken is not for who makes it to say.
    expect(await stored()).toEqual([
      {
        ...{ grantId: { S: 'a' }, userId: { S: '7' }, coupons: { N: '5' }, reason: { S: 'for the wait' } },
        grantedAt: { N: String(memory.now()) },
      },
    ]);
  });

  it('that is made again is told again, and stays as it was', async () => {
    const first = grant();
    await grantCoupons(places, first);
    memory.advance(5_000);
    expect(await grantCoupons(places, grant({ userId: '7' }))).toMatchObject({ grant: first });
    expect(await events()).toEqual([
      ['7', event],
      ['7', event],
    ]);
  });

  it.each([{ coupons: 6 }, { userId: 8 }, { reason: 'another' }])(
    'that is another one under the same id (%j) is none: nothing is told',
    async (more) => {
      await grantCoupons(places, grant());
      await expect(grantCoupons(places, grant(more))).rejects.toThrow(
        'Grant a is there and gives 5 to user 7 ("for the wait"): take another id',
      );
      expect(await events()).toHaveLength(1);
    },
  );

  it('whose event cannot be put says its id: the same again completes it', async () => {
    const broken = { ...places.outputs, UserEventsInputStreamName: 'absent' };
    const failed = grantCoupons({ ...places, outputs: broken }, grant());
    await expect(failed).rejects.toThrow(/^Grant a is stored, and its event may not be on the stream \(/);
    await expect(failed).rejects.toBeInstanceOf(GrantUnfinished);
    expect(await events()).toEqual([]);
    await grantCoupons(places, grant());
    expect([await events(), (await stored())?.length]).toEqual([[['7', event]], 1]);
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

it('says which output an environment lacks, and stores nothing', async () => {
  const outputs = { GrantsTableName: table };
  await expect(grantCoupons({ ...places, outputs }, grant())).rejects.toThrow(
    'The environment has no output UserEventsInputStreamName',
  );
  expect(await stored()).toEqual([]);
});
