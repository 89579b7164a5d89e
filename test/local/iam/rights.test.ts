import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStatement } from '../../../local/engines/partiql/statement.ts';
import { rightsOf } from '../../../local/iam/rights/index.ts';
import { encryptedResource, keyActions } from '../../../local/iam/rights/keys.ts';
import { targetOf } from '../../../local/iam/rights/partiql.ts';
import { type AwsCall, jsonBody } from '../../../local/proxy/aws-call.ts';
import { accountId, region } from './support/policies.ts';

function callOf(service: string, operation: string, body: unknown, rest: Partial<AwsCall> = {}): AwsCall {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    ...{ service, operation, caller: 'probe.1', method: 'POST', path: '/', headers: {} },
    ...rest,
    body: Buffer.from(text),
  };
}

/** In short: `PutRecords stream/clicks`. */
function short(call: AwsCall): string[] {
  return rightsOf(call, jsonBody(call), { region, accountId }).map(({ action, resource }) =>
    [action.split(':')[1], resource.replace(/^arn:aws:\w+:[\w-]*:\d*:/, '')].join(' '),
  );
}

/** Of the stream `clicks`, as the engine has given it. */
const iterator =
  'AAAAAAAAAAFkTsQkfGo2esiOVDw98Opxi7u1TEM3Is2Be05JyAqdvgXlzprqaOYVd8I4j06BQG51UpviKNJleAwY/m05VYThzia7MmdDvWtIHM2bJ3xglK1dbXDjKhZow71tgg5ro51unuJacVVvcMfjCsLF03/383rIKdkh/Z3ebgrkL+xAAiEOeWu3UlQvaOeIqprcRu4=';

const table = (name: string) => `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;

describe('which rights a call takes', () => {
  it.each<[string, string, unknown, string[]]>([
    ['kinesis', 'PutRecords', { StreamName: 'clicks', Records: [] }, ['PutRecords stream/clicks']],
    ['kinesis', 'PutRecord', { StreamARN: 'arn:aws:kinesis:eu-west-1:1:stream/x' }, ['PutRecord stream/x']],
    [
      'kinesis',
      'PutRecord',
      { StreamName: 'a', StreamARN: 'arn:aws:kinesis:r:1:stream/b' },
      ['PutRecord stream/b', 'PutRecord stream/a'],
    ],
    ['kinesis', 'GetRecords', { ShardIterator: iterator }, ['GetRecords stream/clicks']],
    [
      'kinesis',
      'GetRecords',
      { ShardIterator: iterator, StreamARN: 'arn:aws:kinesis:r:1:stream/mine' },
      ['GetRecords stream/mine', 'GetRecords stream/clicks'],
    ],
    // Kinesis refuses them.
    ['kinesis', 'GetRecords', { ShardIterator: 'x' }, []],
    ['kinesis', 'GetRecords', { ShardIterator: iterator.slice(4) }, []],
    // Another call does not go by an iterator, nor by a token.
    ['kinesis', 'PutRecords', { ShardIterator: iterator, NextToken: 'x' }, ['PutRecords *']],
    ['kinesis', 'ListShards', { NextToken: 'x' }, []],
    ['kinesis', 'ListShards', { StreamName: 'clicks', NextToken: 'x' }, ['ListShards stream/clicks']],
    ['kinesis', 'ListStreams', {}, ['ListStreams *']],
    ['kms', 'Sign', { KeyId: 'k' }, ['Sign key/k']],
    ['kms', 'GetPublicKey', { KeyId: 'arn:aws:kms:r:1:key/k' }, ['GetPublicKey key/k']],
    // An alias is no name of its key's.
    ['kms', 'Sign', { KeyId: 'alias/k' }, ['Sign alias/k']],
    ['kms', 'ListKeys', {}, ['ListKeys *']],
    ['dynamodb', 'PutItem', { TableName: 'users' }, ['PutItem table/users']],
    ['dynamodb', 'GetItem', { TableName: table('users') }, ['GetItem table/users']],
    ['dynamodb', 'Query', { TableName: 'users', IndexName: 'byAge' }, ['Query table/users/index/byAge']],
    ['dynamodb', 'ListTables', {}, ['ListTables *']],
    ['dynamodb', 'ListTagsOfResource', { ResourceArn: table('users') }, ['ListTagsOfResource table/users']],
    // The engine goes by the table, whatever else is there.
    [
      'dynamodb',
      'PutItem',
      { TableName: 'theirs', ResourceArn: table('mine'), IndexName: 'mine' },
      ['PutItem table/theirs', 'PutItem table/mine'],
    ],
    [
      'dynamodb',
      'TransactWriteItems',
      { TransactItems: [{ Put: { TableName: 'theirs', ResourceArn: table('mine') } }] },
      ['PutItem table/theirs', 'PutItem table/mine'],
    ],
    [
      'dynamodb',
      'BatchGetItem',
      { RequestItems: { a: { Keys: [] }, b: { Keys: [] } } },
      ['BatchGetItem table/a', 'BatchGetItem table/b'],
    ],
    ['dynamodb', 'BatchWriteItem', { RequestItems: { a: [] } }, ['BatchWriteItem table/a']],
    [
      'dynamodb',
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'a' } },
          { Update: { TableName: 'b' } },
          { Delete: { TableName: 'c' } },
          { ConditionCheck: { TableName: 'd' } },
        ],
      },
      ['PutItem table/a', 'UpdateItem table/b', 'DeleteItem table/c', 'ConditionCheckItem table/d'],
    ],
    ['dynamodb', 'TransactGetItems', { TransactItems: [{ Get: { TableName: 'a' } }] }, ['GetItem table/a']],
    [
      'dynamodb',
      'ExecuteTransaction',
      { TransactStatements: [{ Statement: 'UPDATE a SET x=1 WHERE id=1' }] },
      ['PartiQLUpdate table/a'],
    ],
    ['sqs', 'SendMessageBatch', { QueueUrl: 'http://127.0.0.1:1/000000000000/jobs' }, ['SendMessage jobs']],
    [
      'sqs',
      'DeleteMessageBatch',
      { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/1/jobs' },
      ['DeleteMessage jobs'],
    ],
    ['sqs', 'GetQueueUrl', { QueueName: 'jobs' }, ['GetQueueUrl jobs']],
    ['sqs', 'ListQueues', {}, ['ListQueues *']],
    ['lambda', 'Invoke', {}, ['Invoke *']],
  ])('%s %s %j', (service, operation, body, expected) => {
    expect(short(callOf(service, operation, body))).toEqual(expected);
  });

  it.each<[string, string, string[], Record<string, string>?]>([
    ['GET', '/bucket/a/b%20c?x-id=GetObject', ['GetObject bucket/a/b c']],
    ['HEAD', '/bucket/key', ['GetObject bucket/key']],
    ['PUT', '/bucket/key?x-id=PutObject', ['PutObject bucket/key']],
    ['DELETE', '/bucket/key?versionId=1', ['DeleteObjectVersion bucket/key']],
    ['GET', '/bucket?list-type=2&prefix=a', ['ListBucket bucket']],
    ['GET', '/bucket/?list-type=2', ['ListBucket bucket']],
    ['HEAD', '/bucket', ['ListBucket bucket']],
    ['POST', '/bucket?delete', ['(POST delete) bucket']],
    ['POST', '/bucket/key?uploads', ['PutObject bucket/key']],
    ['GET', '/', ['ListAllMyBuckets *']],
    ['PUT', '/to/key', ['PutObject to/key', 'GetObject from/a b'], { 'x-amz-copy-source': '/from/a%20b' }],
    [
      'PUT',
      '/to/key',
      ['PutObject to/key', 'GetObjectVersion from/a'],
      { 'x-amz-copy-source': 'from/a?versionId=2' },
    ],
    ['GET', '/bucket/key?partNumber=1', ['GetObject bucket/key']],
    ['HEAD', '/bucket/key?partNumber=1&versionId=2', ['GetObjectVersion bucket/key']],
    ['PUT', '/bucket/key?partNumber=1&uploadId=2', ['PutObject bucket/key']],
    ['GET', '/bucket/key?response-content-type=a&response-expires=b', ['GetObject bucket/key']],
    [
      'GET',
      '/bucket/key?X-Amz-Algorithm=a&X-Amz-Credential=b&x-amz-checksum-mode=c',
      ['GetObject bucket/key'],
    ],
    ['PUT', '/bucket/key?x-amz-copy-source=/a/b', ['(PUT x-amz-copy-source) bucket/key']],
    // Something that is not known is no plain read or write.
    ['PUT', '/bucket/key?acl', ['(PUT acl) bucket/key']],
    ['GET', '/bucket/key?acl&x-id=GetObject', ['(GET acl) bucket/key']],
    // Neither the path nor the host is what it pretends to be.
    ['PUT', '/mine/../theirs/key', ['PutObject mine/../theirs/key']],
    ['GET', '//theirs/key', ['ListAllMyBuckets *']],
    ['GET', '/bucket/%zz', ['GetObject bucket/%zz']],
    ['GET', '/bucket/key#x-id', ['GetObject bucket/key']],
    ['GET', '/mine/key', ['GetObject theirs/mine/key'], { host: 'theirs.localhost:4569' }],
    ['GET', '/?list-type=2', ['ListBucket theirs'], { host: 'theirs.s3.amazonaws.com' }],
    ['GET', '/bucket/key', ['GetObject bucket/key'], { host: '127.0.0.1:4569' }],
    ['GET', '/bucket/key', ['GetObject bucket/key'], { host: 'localhost:4569' }],
    [
      'PUT',
      '/bucket/key',
      ['PutObject bucket/key'],
      { host: 'mine.localhost', 'content-type': 'application/x-amz-json-1.0' },
    ],
  ])('s3 %s %s', (method, path, expected, headers = {}) => {
    expect(short(callOf('s3', `${method} ${path}`, '', { method, path, headers }))).toEqual(expected);
  });

  const list =
    '<Delete><Object><Key>a&lt;b/c</Key></Object>\n<Object><Key>keep/1</Key><VersionId>2</VersionId></Object></Delete>';
  const each = ['DeleteObject bucket/a<b/c', 'DeleteObject bucket/keep/1'];

  it.each<[string, string[], Record<string, string>?]>([
    ['/bucket?delete', each],
    ['/bucket/?delete&x-id=DeleteObjects', each],
    // The engine deletes what is listed here, too.
    ['/bucket', ['(POST) bucket', ...each]],
    ['/bucket/key?uploadId=', ['PutObject bucket/key', ...each]],
    // It makes an object of a form.
    [
      '/bucket?delete',
      ['(POST form) bucket', ...each],
      { 'content-type': 'Multipart/Form-Data; boundary=a' },
    ],
  ])('s3 POST %s: each key of a list is deleted for itself', (path, expected, headers = {}) => {
    expect(short(callOf('s3', `POST ${path}`, list, { path, headers }))).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['names that are no text', { TableName: { S: 'users' } }],
    // Only a member of the request is its table.
    ['an attribute of that name', { Item: { TableName: { S: 'users' } }, Expected: { TableName: 'users' } }],
  ])('is on no resource with %s', (_, body) => {
    expect(short(callOf('dynamodb', 'PutItem', body))).toEqual(['PutItem *']);
  });

  it('goes by the member that the service goes by where there are two', () => {
    const body = '{"TableName":"mine","Item":{},"TableName":"theirs"}';
    expect(short(callOf('dynamodb', 'PutItem', body))).toEqual(['PutItem table/theirs']);
  });
});

describe('PartiQL', () => {
  it.each<[string, ReturnType<typeof targetOf>]>([
    [`INSERT INTO "a" VALUE {'x':?}`, { verb: 'Insert', table: 'a', index: undefined }],
    ['\n insert  into a value {}', { verb: 'Insert', table: 'a', index: undefined }],
    ['UPDATE "my.table" SET x=1 WHERE id=1', { verb: 'Update', table: 'my.table', index: undefined }],
    ['UPDATE my.table SET x=1 WHERE id=1', { verb: 'Update', table: 'my.table', index: undefined }],
    [`DELETE FROM "a" WHERE id='UPDATE "b"'`, { verb: 'Delete', table: 'a', index: undefined }],
    [`SELECT ' FROM "b"', "FROM" FROM "a" WHERE x=1`, { verb: 'Select', table: 'a', index: undefined }],
    ['SELECT * FROM "a"."byAge"', { verb: 'Select', table: 'a', index: 'byAge' }],
    ['SELECT * FROM a.byAge', { verb: 'Select', table: 'a', index: 'byAge' }],
    ['EXISTS(SELECT * FROM "a" WHERE id=1)', { verb: 'Select', table: 'a', index: undefined }],
    ['DROP TABLE a', undefined],
    [`'UPDATE' "a"`, undefined],
    ['SELECT 1', undefined],
    ['UPDATE', undefined],
    ['', undefined],
  ])('%s', (statement, expected) => {
    expect(targetOf(statement)).toEqual(expected);
  });

  /** What the engine would carry out must not be taken for something else, or for nothing. */
  it('sees the table that the engine writes, whatever the statement looks like', () => {
    const space = fc.constantFrom(' ', '\n', '  ', '\t');
    const word = (text: string) =>
      fc.constantFrom(text, text.toLowerCase(), text[0] + text.slice(1).toLowerCase());
    const name = fc.oneof(
      fc
        .string({ unit: fc.constantFrom('a', 'FROM', '.', '-', ' ', '""', "'"), minLength: 1 })
        .map((text) => `"${text}"`),
      fc.constantFrom('users', 'INTO', 'a.b', 'x-1', '_'),
    );
    const insert = fc.tuple(
      word('INSERT'),
      space,
      word('INTO'),
      space,
      name,
      space,
      fc.constant(`VALUE {'"b"':?}`),
    );
    const update = fc.tuple(word('UPDATE'), space, name, space, fc.constant(`SET "UPDATE"=? WHERE "id"=?`));
    fc.assert(
      fc.property(fc.oneof(insert, update), (parts) => {
        const text = parts.join('');
        const { kind, table: written } = parseStatement(text);
        const target = targetOf(text);
        expect({ kind: target?.verb.toUpperCase(), table: target?.table }).toEqual({ kind, table: written });
      }),
    );
  });
});

it.each<[string, readonly string[]]>([
  ['kinesis:PutRecords', ['kms:GenerateDataKey']],
  ['kinesis:GetRecords', ['kms:Decrypt']],
  ['kinesis:ListShards', []],
  ['sqs:SendMessage', ['kms:GenerateDataKey', 'kms:Decrypt']],
  ['sqs:DeleteMessage', []],
  ['s3:PutObject', ['kms:GenerateDataKey']],
  ['s3:ListBucket', []],
  ['dynamodb:PutItem', ['kms:Decrypt']],
  ['dynamodb:PartiQLUpdate', ['kms:Decrypt']],
  ['dynamodb:UpdateItem', ['kms:Decrypt']],
  ['dynamodb:DeleteItem', ['kms:Decrypt']],
  ['dynamodb:UpdateTable', []],
  ['dynamodb:DescribeTable', []],
])('%s of something encrypted takes %j', (action, expected) => {
  expect(keyActions(action)).toEqual(expected);
});

it('a key is that of the table and of the bucket', () => {
  expect(encryptedResource(`${table('a')}/index/b`)).toBe(table('a'));
  expect(encryptedResource('arn:aws:s3:::bucket/a/index/b')).toBe('arn:aws:s3:::bucket');
});
