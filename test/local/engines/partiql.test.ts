import { describe, expect, it } from 'vitest';
import { conditionalWrite } from '../../../local/engines/partiql/conditional-write.ts';
import { parseStatement, UnknownStatementError } from '../../../local/engines/partiql/statement.ts';

describe('the PartiQL of the local engine', () => {
  it('reads an INSERT', () => {
    expect(parseStatement(`INSERT INTO "dev-users" VALUE {'userId':?,'version':?}`)).toEqual({
      kind: 'INSERT',
      table: 'dev-users',
      names: ['userId', 'version'],
    });
  });

  it('reads an UPDATE with SET and REMOVE', () => {
    const text = `UPDATE "dev-users" SET "version"=? SET "coupons"=? REMOVE "refunds" WHERE "userId"=? AND "version"=?`;
    expect(parseStatement(text)).toEqual({
      kind: 'UPDATE',
      table: 'dev-users',
      set: ['version', 'coupons'],
      remove: ['refunds'],
      where: ['userId', 'version'],
    });
  });

  it('does not care for spaces, the case of keywords, or names without quotes', () => {
    const text = ` update users\n  set version = ?\n where userId = ? and version = ? `;
    expect(parseStatement(text)).toMatchObject({
      table: 'users',
      set: ['version'],
      where: ['userId', 'version'],
    });
  });

  it('reads doubled quotes, and keywords that are quoted, as names', () => {
    const text = `UPDATE "a""b" SET "where"=? WHERE "set"=?`;
    expect(parseStatement(text)).toMatchObject({ table: 'a"b', set: ['where'], where: ['set'] });
    expect(parseStatement(`INSERT INTO t VALUE {'it''s':?}`)).toMatchObject({ names: ["it's"] });
  });

  it.each([
    ['SELECT * FROM "users" WHERE "userId"=?', 'SELECT'],
    ['DELETE FROM "users" WHERE "userId"=?', 'DELETE'],
    ['', ''],
    [`INSERT INTO "users" VALUE {'userId':'a'}`, "'?' expected instead of 'a'"],
    [`INSERT INTO "users" VALUE {"userId":?}`, 'an attribute must be named by a string'],
    [`INSERT INTO "users" VALUE {}`, 'an attribute must be named by a string'],
    [`INSERT INTO "users" VALUE {'userId':?`, "'}' expected instead of 'the end'"],
    [`INSERT INTO "users" VALUE {'userId':?} IF NOT EXISTS`, "'IF' after its end"],
    ['UPDATE "users" WHERE "userId"=?', 'nothing to change'],
    ['UPDATE "users" SET "a"=?', "'REMOVE' expected instead of 'the end'"],
    ['UPDATE "users" SET "a"=? WHERE "userId"=? OR "version"=?', "'OR' after its end"],
    ['UPDATE "users" SET "a"="a"+1 WHERE "userId"=?', "'+' at"],
    ['UPDATE "users" SET "a"=? WHERE "userId"=? RETURNING ALL OLD *', "'*' at"],
    ['UPDATE "users" SET "a"=? WHERE "version" < ?', "'<' at"],
    ['UPDATE "users SET "a"=? WHERE "userId"=?', `'"' at`],
  ])('refuses %s', (text, reason) => {
    expect(() => parseStatement(text)).toThrow(UnknownStatementError);
    expect(() => parseStatement(text)).toThrow(reason);
  });

  it('makes a PutItem that replaces nothing', () => {
    const statement = parseStatement(`INSERT INTO "users" VALUE {'userId':?,'n':?}`);
    expect(conditionalWrite(statement, [{ S: 'a' }, { N: '1' }], ['userId'])).toMatchObject({
      operation: 'PutItem',
      input: {
        TableName: 'users',
        Item: { userId: { S: 'a' }, n: { N: '1' } },
        Expected: { userId: { Exists: false } },
      },
      conditionError: 'DuplicateItem',
    });
  });

  it('makes an UpdateItem that makes no new item, with the old value in the condition and the new one set', () => {
    const statement = parseStatement('UPDATE "users" SET "n"=? REMOVE "m" WHERE "userId"=? AND "n"=?');
    expect(conditionalWrite(statement, [{ N: '2' }, { S: 'a' }, { N: '1' }], ['userId'])).toMatchObject({
      operation: 'UpdateItem',
      input: {
        TableName: 'users',
        Key: { userId: { S: 'a' } },
        AttributeUpdates: { n: { Action: 'PUT', Value: { N: '2' } }, m: { Action: 'DELETE' } },
        Expected: {
          userId: { ComparisonOperator: 'NOT_NULL' },
          n: { Value: { N: '1' } },
        },
      },
      conditionError: 'ConditionalCheckFailed',
    });
  });

  it('wants the whole key, and each attribute once', () => {
    const update = parseStatement('UPDATE "runs" SET "n"=? WHERE "lotteryId"=?');
    expect(() => conditionalWrite(update, [{ N: '2' }, { S: 'a' }], ['lotteryId', 'run'])).toThrow(
      'mandatory equality on all key attributes',
    );
    const insert = parseStatement(`INSERT INTO "users" VALUE {'userId':?,'userId':?}`);
    expect(() => conditionalWrite(insert, [{ S: 'a' }, { S: 'b' }], ['userId'])).toThrow('named twice');
    const twice = ['SET "n"=? SET "n"=?', 'SET "n"=? REMOVE "n"', 'REMOVE "n" REMOVE "n"'];
    for (const changes of twice) {
      const statement = parseStatement(`UPDATE "users" ${changes} WHERE "userId"=?`);
      const parameters = [...changes.matchAll(/\?/g), 'key'].map(() => ({ S: 'a' }));
      expect(() => conditionalWrite(statement, parameters, ['userId'])).toThrow('named twice');
    }
  });
});
