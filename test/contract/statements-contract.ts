import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchExecuteStatementCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTable } from '../support/dynamo-engine.ts';

const text = (S: string): AttributeValue => ({ S });
const number = (N: number): AttributeValue => ({ N: String(N) });

/** What the statements of the users table mean: to be run on each engine. */
export function statementsContract(running: () => DynamoDBClient): void {
  describe('BatchExecuteStatement', () => {
    let table: string;
    const insert = () => `INSERT INTO "${table}" VALUE {'userId':?,'version':?,'coupons':?}`;
    const update = () => `UPDATE "${table}" SET "version"=? SET "coupons"=? WHERE "userId"=? AND "version"=?`;
    const updateAndRemove = () =>
      `UPDATE "${table}" SET "version"=? REMOVE "coupons" REMOVE "other" WHERE "userId"=? AND "version"=?`;
    let client: DynamoDBClient;
    let users = 0;
    const newUser = () => {
      users += 1;
      return `user-${users}`;
    };

    beforeAll(async () => {
      client = running();
      table = await createTable(client, { userId: 'S' });
    });

    /** The code of each statement's error, or 'done'. */
    async function run(...statements: [string, ...AttributeValue[]][]): Promise<string[]> {
      const { Responses = [] } = await client.send(
        new BatchExecuteStatementCommand({
          Statements: statements.map(([Statement, ...Parameters]) => ({ Statement, Parameters })),
        }),
      );
      return Responses.map(({ Error: error }) => error?.Code ?? 'done');
    }

    async function itemOf(userId: string): Promise<Record<string, AttributeValue> | undefined> {
      const command = new GetItemCommand({
        TableName: table,
        Key: { userId: text(userId) },
        ConsistentRead: true,
      });
      return (await client.send(command)).Item;
    }

    it('inserts what is not there, and leaves what is there', async () => {
      const [known, unknown] = [newUser(), newUser()];
      await run([insert(), text(known), number(1), number(5)]);
      const results = await run(
        [insert(), text(known), number(1), number(6)],
        [insert(), text(unknown), number(1), number(7)],
      );
      expect(results).toEqual(['DuplicateItem', 'done']);
      expect(await itemOf(known)).toEqual({ userId: text(known), version: number(1), coupons: number(5) });
      expect(await itemOf(unknown)).toEqual({
        userId: text(unknown),
        version: number(1),
        coupons: number(7),
      });
    });

    it('updates what meets the condition; neither another version nor an item that is absent', async () => {
      const [right, stale, absent] = [newUser(), newUser(), newUser()];
      await run([insert(), text(right), number(1), number(5)], [insert(), text(stale), number(2), number(5)]);
      const results = await run(
        [update(), number(2), number(4), text(stale), number(1)],
        [update(), number(2), number(4), text(absent), number(1)],
        [update(), number(2), number(4), text(right), number(1)],
      );
      expect(results).toEqual(['ConditionalCheckFailed', 'ConditionalCheckFailed', 'done']);
      expect(await itemOf(right)).toEqual({ userId: text(right), version: number(2), coupons: number(4) });
      expect(await itemOf(stale)).toEqual({ userId: text(stale), version: number(2), coupons: number(5) });
      expect(await itemOf(absent)).toBeUndefined();
    });

    it('compares numbers by what they are worth, however they are written', async () => {
      const user = newUser();
      await run([insert(), text(user), { N: '1.0' }, number(5)]);
      expect(await run([update(), { N: '2e0' }, number(4), text(user), { N: '1.00' }])).toEqual(['done']);
      expect(await run([update(), number(3), number(4), text(user), number(2)])).toEqual(['done']);
    });

    it('removes attributes, also one that is not there', async () => {
      const user = newUser();
      await run([insert(), text(user), number(1), number(5)]);
      expect(await run([updateAndRemove(), number(2), text(user), number(1)])).toEqual(['done']);
      expect(await itemOf(user)).toEqual({ userId: text(user), version: number(2) });
    });

    it('keeps bytes, maps and empty ones as they are', async () => {
      const user = newUser();
      const statement = `INSERT INTO "${table}" VALUE {'userId':?,'bytes':?,'none':?,'map':?,'list':?}`;
      const bytes = { B: Uint8Array.of(0, 255, 128) };
      const map = { M: { "a 'quoted' name": { M: { n: number(-1.5) } } } };
      const list = { L: [text('ü'), { BOOL: false }] };
      const none = { B: new Uint8Array() };
      expect(await run([statement, text(user), bytes, none, map, list])).toEqual(['done']);
      expect(await itemOf(user)).toEqual({ userId: text(user), bytes, none, map, list });
    });

    it('answers for a table that is absent, and for parameters that do not fit', async () => {
      const user = newUser();
      const results = await run(
        [insert().replace(table, 'test-absent'), text(user), number(1), number(1)],
        [insert(), text(user), number(1)],
        [`UPDATE "${table}" SET "version"=? WHERE "version"=?`, number(1), number(2)],
      );
      expect(results).toEqual(['ResourceNotFound', 'ValidationError', 'ValidationError']);
    });

    it('refuses an item above 400 KB, alone', async () => {
      const [large, small] = [newUser(), newUser()];
      const statement = `INSERT INTO "${table}" VALUE {'userId':?,'bytes':?}`;
      const results = await run(
        [statement, text(large), { B: new Uint8Array(401 * 1024) }],
        [statement, text(small), { B: new Uint8Array(399 * 1024) }],
      );
      expect(results).toEqual(['ValidationError', 'done']);
    });

    it('refuses a batch that names an item twice, has 26 statements, or one of more than 8,192 characters', async () => {
      const user = newUser();
      const twice = run(
        [insert(), text(user), number(1), number(5)],
        [insert(), text(user), number(1), number(6)],
      );
      await expect(twice).rejects.toMatchObject({ name: 'ValidationException' });
      const many = Array.from({ length: 26 }, (): [string, ...AttributeValue[]] => [
        insert(),
        text(newUser()),
        number(1),
        number(1),
      ]);
      await expect(run(...many)).rejects.toMatchObject({ name: 'ValidationException' });
      const ofLength = (length: number): [string, ...AttributeValue[]] => {
        const [start, end] = [`INSERT INTO "${table}" VALUE {'userId':?,'`, `':?}`];
        const name = 'x'.repeat(length - start.length - end.length);
        return [start + name + end, text(newUser()), number(1)];
      };
      await expect(run(ofLength(8_193))).rejects.toMatchObject({ name: 'ValidationException' });
      expect(await run(ofLength(8_192))).toEqual(['done']);
    });

    it('lets one of several that write the same version at the same time win', async () => {
      const user = newUser();
      await run([insert(), text(user), number(1), number(0)]);
      const writers = Array.from({ length: 8 }, (_, index) =>
        run([update(), number(2), number(index), text(user), number(1)]),
      );
      const results = (await Promise.all(writers)).flat();
      expect(results.filter((result) => result === 'done')).toHaveLength(1);
      expect((await itemOf(user))?.coupons).toEqual(number(results.indexOf('done')));
    });
  });
}
