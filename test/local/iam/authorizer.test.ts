import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BatchExecuteStatementCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import { Authorizer } from '../../../local/iam/authorizer.ts';
import { guard, guardCalls } from '../../../local/iam/guard.ts';
import { type Refusal, refusalLine } from '../../../local/iam/refusal.ts';
import {
  type AwsAnswer,
  type AwsCall,
  describeCall,
  jsonBody,
  xmlErrorAnswer,
} from '../../../local/proxy/aws-call.ts';
import { simulatedClients } from '../../../proof/simulation/services/index.ts';
import { accountId, queue, region, statement } from './support/policies.ts';

const roleArn = `arn:aws:iam::${accountId}:role/probe-role`;
const keyArn = `arn:aws:kms:${region}:${accountId}:key/k`;
const table = (name: string) => `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
const stream = `arn:aws:kinesis:${region}:${accountId}:stream/clicks`;

interface Parts {
  /** Statements of the role's policy. */
  readonly statements?: readonly object[];
  readonly role?: object;
  /** What else there is, by type: properties, and the values of the resource. */
  readonly others?: readonly [type: string, properties: object, values: { ref: string; Arn?: string }][];
}

/** Told of a role, a function `probe` with it, and the others. */
function collected({ statements = [], role = {}, others = [] }: Parts) {
  const refusals: Refusal[] = [];
  const authorizer = new Authorizer({ region, accountId, onRefusal: (refusal) => refusals.push(refusal) });
  const add = (type: string, properties: object, { ref, Arn = '' }: { ref: string; Arn?: string }) =>
    authorizer.collect(
      { stackName: 'stack', logicalId: ref, type, properties: { ...properties } },
      { ref, attributes: { Arn } },
    );
  add('AWS::IAM::Role', role, { ref: 'probe-role', Arn: roleArn });
  add(
    'AWS::IAM::Policy',
    { Roles: ['probe-role'], PolicyDocument: { Statement: statements } },
    { ref: 'policy' },
  );
  add('AWS::Lambda::Function', { Role: roleArn }, { ref: 'probe' });
  for (const [type, properties, values] of others) add(type, properties, values);
  return { authorizer, refusals };
}

function deployed(parts: Parts) {
  const all = collected(parts);
  all.authorizer.deployed();
  return all;
}

/** Clients of the function whose calls reach nothing but the check: what passes is answered with `answer`. */
function clientsOf(
  authorizer: Authorizer,
  answer: (call: AwsCall) => object = () => ({}),
  caller = 'probe.1',
) {
  const forwarded: AwsCall[] = [];
  const { dynamodb, kinesis, sqs, s3 } = simulatedClients({
    ...{ region, caller },
    send: (call) =>
      guardCalls(authorizer)(call, async (changed = call): Promise<AwsAnswer> => {
        forwarded.push(changed);
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer(changed))) };
      }),
  });
  return { dynamodb, kinesis, sqs, s3, forwarded };
}

/** What is answered to a call of which nothing goes on. */
function answerTo(authorizer: Authorizer, call: AwsCall): AwsAnswer | undefined {
  const found = guard(authorizer, call);
  return found?.rest === undefined ? found?.complete() : undefined;
}

const session = `arn:aws:sts::${accountId}:assumed-role/probe-role/probe`;

describe('a call that the role does not allow is refused as its service does it', () => {
  const { authorizer } = deployed({});
  const { dynamodb, kinesis, sqs, s3, forwarded } = clientsOf(authorizer);
  const message = (action: string, resource: string) =>
    `User: ${session} is not authorized to perform: ${action} on resource: ${resource} ` +
    `because no identity-based policy allows the ${action} action`;

  it.each<[string, () => Promise<unknown>, object]>([
    [
      'DynamoDB',
      () => dynamodb.send(new PutItemCommand({ TableName: 'users', Item: {} })),
      { name: 'AccessDeniedException', message: message('dynamodb:PutItem', table('users')) },
    ],
    [
      'Kinesis',
      () =>
        kinesis.send(
          new PutRecordCommand({ StreamName: 'clicks', PartitionKey: 'a', Data: Buffer.from('') }),
        ),
      { name: 'AccessDeniedException', message: message('kinesis:PutRecord', stream) },
    ],
    [
      'SQS, in lower case',
      () => sqs.send(new SendMessageBatchCommand({ QueueUrl: 'https://sqs/1/jobs', Entries: [] })),
      { name: 'AccessDenied', message: message('sqs:sendmessage', queue) },
    ],
    [
      'S3, in XML',
      () => s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'a<b' })),
      { name: 'AccessDenied', message: message('s3:GetObject', 'arn:aws:s3:::b/a<b') },
    ],
  ])('%s', async (_, send, error) => {
    await expect(send()).rejects.toMatchObject(error);
    expect(forwarded).toEqual([]);
  });
});

describe('that an object is not there is told to who may list the bucket, and refused to others', () => {
  const mayRead = statement({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' });
  const mayList = statement({ Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b' });
  const absent = xmlErrorAnswer(404, 'NoSuchKey', 'The specified key does not exist.');
  const noBody = { ...absent, body: Buffer.alloc(0) };
  const noBucket = xmlErrorAnswer(404, 'NoSuchBucket', 'The specified bucket does not exist');
  const there = { status: 200, headers: {}, body: Buffer.from('text') };
  const get = new GetObjectCommand({ Bucket: 'b', Key: 'blocks/a' });
  const head = new HeadObjectCommand({ Bucket: 'b', Key: 'blocks/a' });

  /** @returns the name of the error, and the rights that were missed */
  async function outcomeOf(statements: object[], command: typeof get | typeof head, answer: AwsAnswer) {
    const { authorizer, refusals } = deployed({ statements });
    const { s3 } = simulatedClients({
      ...{ region, caller: 'probe.1' },
      send: (call) => guardCalls(authorizer)(call, async () => answer),
    });
    const sent = command instanceof GetObjectCommand ? s3.send(command) : s3.send(command);
    const name = await sent.then(
      () => 'done',
      (error: Error) => error.name,
    );
    return [name, ...refusals.map(({ action, resource }) => `${action} ${resource}`)];
  }

  const missed = 's3:ListBucket arn:aws:s3:::b';
  it.each<[string, object[], typeof get | typeof head, AwsAnswer, string[]]>([
    ['GetObject, refused', [mayRead], get, absent, ['AccessDenied', missed]],
    ['GetObject, told', [mayRead, mayList], get, absent, ['NoSuchKey']],
    ['GetObject of what is there', [mayRead], get, there, ['done']],
    ['GetObject of a bucket that is not there', [mayRead], get, noBucket, ['NoSuchBucket']],
    ['HeadObject, refused', [mayRead], head, noBody, ['AccessDenied', missed]],
    ['HeadObject, told', [mayRead, mayList], head, noBody, ['NotFound']],
  ])('%s', async (_, statements, command, answer, outcome) => {
    expect(await outcomeOf(statements, command, answer)).toEqual(outcome);
  });
});

it('goes on where a policy of the role allows it, of whatever kind', () => {
  const rights = [{ action: 'sqs:SendMessage', resource: queue }];
  const PolicyDocument = { Statement: statement({ Action: 'sqs:SendMessage', Resource: queue }) };
  const policy = 'arn:aws:iam::000000000000:policy/sends';
  const inline = { Policies: [{ PolicyName: 'sends', PolicyDocument }] };
  for (const parts of [
    { role: inline },
    { others: [['AWS::IAM::RolePolicy', { RoleName: 'probe-role', PolicyDocument }, { ref: 'more' }]] },
    { others: [['AWS::IAM::ManagedPolicy', { Roles: ['probe-role'], PolicyDocument }, { ref: policy }]] },
    {
      role: { ManagedPolicyArns: [policy] },
      others: [['AWS::IAM::ManagedPolicy', { PolicyDocument }, { ref: policy }]],
    },
  ] satisfies Parts[]) {
    expect(deployed(parts).authorizer.refusalOf('probe', rights)).toBeUndefined();
  }
  const other = {
    others: [['AWS::IAM::ManagedPolicy', { PolicyDocument }, { ref: policy }]],
  } satisfies Parts;
  expect(deployed(other).authorizer.refusalOf('probe', rights)).toBeDefined();
});

describe('a function that is invoked while the stacks are deployed', () => {
  const put = new PutItemCommand({ TableName: 'users', Item: {} });
  const allowing = {
    stackName: 'stack',
    ...{ logicalId: 'later', type: 'AWS::IAM::Policy' },
    properties: {
      Roles: ['probe-role'],
      PolicyDocument: {
        Statement: [{ ...statement({ Action: 'dynamodb:PutItem', Resource: table('users') }) }],
      },
    },
  };

  it('may do what the policies say that are there by then, and later what later ones say', async () => {
    const { authorizer, refusals } = collected({});
    const { dynamodb, forwarded } = clientsOf(authorizer);
    await dynamodb.send(put);
    authorizer.checkCallsOf('probe');
    await expect(dynamodb.send(put)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect([forwarded.length, refusals.length]).toEqual([1, 1]);
    authorizer.collect(allowing, { ref: 'later', attributes: {} });
    authorizer.deployed();
    await dynamodb.send(put);
    expect([forwarded.length, refusals.length]).toEqual([2, 1]);
  });

  it('has to have a role that is known', () => {
    const other = { Role: `arn:aws:iam::${accountId}:role/elsewhere` };
    const { authorizer } = collected({ others: [['AWS::Lambda::Function', other, { ref: 'guest' }]] });
    expect(() => authorizer.checkCallsOf('guest')).toThrow('guest: its role ');
  });
});

it('tells once of each right, in a line that names role, action and resource', () => {
  const { authorizer, refusals } = deployed({
    statements: [statement({ Effect: 'Deny', Resource: stream })],
  });
  for (const name of ['PutRecord', 'PutRecord', 'PutRecords']) {
    expect(authorizer.refusalOf('probe', [{ action: `kinesis:${name}`, resource: stream }])).toBeDefined();
  }
  expect(refusals.map(refusalLine)).toEqual(
    ['PutRecord', 'PutRecords'].map(
      (name) =>
        `AccessDenied: the role probe-role of probe is not authorized to perform kinesis:${name} on ${stream} ` +
        'with an explicit deny in an identity-based policy',
    ),
  );
});

it('does not keep what it has told of for ever', () => {
  const { authorizer, refusals } = deployed({});
  const ask = (key: number) =>
    authorizer.refusalOf('probe', [{ action: 's3:GetObject', resource: `arn:aws:s3:::b/${key}` }]);
  for (let key = 0; key <= 10_000; key += 1) ask(key);
  expect(refusals).toHaveLength(10_001);
  ask(0);
  expect(refusals).toHaveLength(10_002);
});

describe('a call is not checked', () => {
  const call = { service: 'kinesis', operation: 'PutRecord', path: '/', method: 'POST', headers: {} };
  const body = Buffer.from('{"StreamName":"clicks"}');

  it.each(['local', 'soak', '.', '.1', 'probe', 'another.1', 'probe.1.1'])('of %j', (caller) => {
    expect(guard(deployed({}).authorizer, { ...call, body, caller })).toBeUndefined();
  });

  it('before all stacks are there', () => {
    const { authorizer } = collected({});
    expect(guard(authorizer, { ...call, body, caller: 'probe.1' })).toBeUndefined();
    authorizer.deployed();
    expect(guard(authorizer, { ...call, body, caller: 'probe.1' })).toBeDefined();
  });
});

it.each<[string, Partial<AwsCall>, number, string]>([
  ['S3', { method: 'GET', path: '/b/k' }, 403, '<Code>AccessDenied</Code>'],
  [
    'the others',
    { headers: { 'x-amz-target': 'AmazonSQS.SendMessage' } },
    400,
    'MissingAuthenticationTokenException',
  ],
])('a call that nobody has signed is refused: of %s', (_, parts, status, text) => {
  const { authorizer, refusals } = collected({});
  const call = describeCall({ method: 'POST', path: '/', headers: {}, body: Buffer.of(), ...parts });
  expect(guard(authorizer, call)).toBeUndefined();
  authorizer.deployed();
  const answer = answerTo(authorizer, call);
  expect(answer?.status).toBe(status);
  expect(answer?.body.toString()).toContain(text);
  // It is nobody's role that has to be mended.
  expect(refusals).toEqual([]);
});

describe('a call that is signed for another service than it is for', () => {
  const mine = Buffer.from('{"StreamName":"mine","QueueUrl":"http://127.0.0.1/1/jobs","TableName":"theirs"}');
  const { authorizer } = deployed({ statements: [statement({})] });
  const signed = (service: string, parts: Partial<AwsCall>) => ({
    ...{ service, operation: 'x', caller: 'probe.1', method: 'POST', path: '/', headers: {}, body: mine },
    ...parts,
  });
  const target = (name: string, more = {}) => ({ headers: { 'x-amz-target': name, ...more } });
  const [put, send, sign] = ['DynamoDB_20120810.PutItem', 'AmazonSQS.SendMessage', 'TrentService.Sign'];

  it.each<[string, Partial<AwsCall>]>([
    ['kinesis', target(put)],
    ['s3', { path: '/mine/key', ...target(put) }],
    ['kinesis', { method: 'GET', path: '/theirs/key' }],
    ['sqs', { method: 'GET', path: '/theirs/key' }],
    ['sqs', { method: 'GET', path: '/theirs/key', ...target(send) }],
    ['sqs', { path: '/theirs?delete', ...target(send) }],
    ['sqs', { path: '/?delete', ...target(send, { host: 'theirs.localhost' }) }],
    ['lambda', { method: 'GET', path: '/theirs/key' }],
    ['kms', target(put)],
    ['dynamodb', target(sign)],
    ['lambda', target(sign)],
    ['kms', { path: '/2015-03-31/functions', ...target(sign) }],
  ])('is refused: %s %j', (service, parts) => {
    const answer = answerTo(authorizer, signed(service, parts));
    expect(answer?.body.toString()).toContain('InvalidSignatureException');
  });

  it.each<[string, Partial<AwsCall>]>([
    ['dynamodb', target(put, { host: '127.0.0.1:4567' })],
    ['sqs', target(send, { host: 'localhost:4567' })],
    ['kms', target(sign, { host: '127.0.0.1:4570' })],
    ['sqs', { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } }],
    ['s3', { method: 'GET', path: '/mine/key', headers: { host: 'mine.localhost' } }],
  ])('and goes on otherwise: %s %j', (service, parts) => {
    const call = signed(service, parts);
    expect(guard(authorizer, call)?.rest ?? call).toBe(call);
    expect(answerTo(authorizer, call)).toBeUndefined();
  });
});

describe('a batch of PartiQL', () => {
  const statements = [
    statement({ Action: 'dynamodb:PartiQLUpdate', Resource: table('mine') }),
    statement({ Action: 'dynamodb:PartiQLInsert', Resource: table('*') }),
  ];
  const texts = [
    `UPDATE "mine" SET "a"=1 WHERE "id"='1'`,
    `UPDATE "theirs" SET "a"=1 WHERE "id"='1'`,
    `INSERT INTO "theirs" VALUE {'id':'1'}`,
    `DELETE FROM "mine" WHERE "id"='1'`,
  ];
  const batch = (chosen: readonly string[]) =>
    new BatchExecuteStatementCommand({ Statements: chosen.map((Statement) => ({ Statement })) });
  const answer = (call: AwsCall) => {
    const { Statements } = jsonBody(call);
    return {
      Responses: (Statements as { Statement: string }[]).map((one) => ({ TableName: one.Statement })),
    };
  };

  it('is refused statement by statement; the others are carried out, and each has its own answer', async () => {
    const { dynamodb, forwarded } = clientsOf(deployed({ statements }).authorizer, answer);
    const { Responses = [] } = await dynamodb.send(batch(texts));
    expect(Responses.map(({ TableName, Error: error }) => TableName ?? error?.Code)).toEqual([
      texts[0],
      'AccessDenied',
      texts[2],
      'AccessDenied',
    ]);
    expect(Responses[3]?.Error?.Message).toContain('perform: dynamodb:PartiQLDelete on resource: ');
    expect(forwarded).toHaveLength(1);
  });

  it('goes nowhere where all are refused', async () => {
    const { dynamodb, forwarded } = clientsOf(deployed({}).authorizer, answer);
    const { Responses = [] } = await dynamodb.send(batch(texts));
    expect(Responses.map(({ Error: error }) => error?.Code)).toEqual(texts.map(() => 'AccessDenied'));
    expect(forwarded).toEqual([]);
  });
});

describe('what is encrypted with a key of the account', () => {
  const others: Parts['others'] = [
    ['AWS::KMS::Key', {}, { ref: 'k', Arn: keyArn }],
    ['AWS::Kinesis::Stream', { StreamEncryption: { KeyId: 'k' } }, { ref: 'clicks', Arn: stream }],
    ['AWS::SQS::Queue', { KmsMasterKeyId: 'alias/aws/sqs' }, { ref: 'jobs', Arn: queue }],
    [
      'AWS::DynamoDB::Table',
      { SSESpecification: { KMSMasterKeyId: keyArn } },
      { ref: 'users', Arn: table('users') },
    ],
    [
      'AWS::S3::Bucket',
      {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID: keyArn } }],
        },
      },
      { ref: 'b', Arn: 'arn:aws:s3:::b' },
    ],
  ];
  const statements = [statement({ NotAction: 'kms:*' })];

  it.each([
    ['kinesis:PutRecords', stream, 'kms:GenerateDataKey'],
    ['kinesis:ListShards', stream, undefined],
    ['dynamodb:BatchGetItem', table('users'), 'kms:Decrypt'],
    ['dynamodb:Query', `${table('users')}/index/byAge`, 'kms:Decrypt'],
    ['s3:PutObject', 'arn:aws:s3:::b/aws/lambda/1', 'kms:GenerateDataKey'],
    // AWS's own key is for whoever may use the queue.
    ['sqs:SendMessage', queue, undefined],
  ])('%s on %s takes %s', (action, resource, missing) => {
    const { authorizer } = deployed({ statements, others });
    expect(authorizer.refusalOf('probe', [{ action, resource }])?.action).toBe(missing);
    const withKey = deployed({
      statements: [...statements, statement({ Action: 'kms:*', Resource: keyArn })],
      others,
    });
    expect(withKey.authorizer.refusalOf('probe', [{ action, resource }])).toBeUndefined();
  });

  it('Kinesis refuses it by a name of its own', async () => {
    const { kinesis } = clientsOf(deployed({ statements, others }).authorizer);
    const put = new PutRecordCommand({ StreamName: 'clicks', PartitionKey: 'a', Data: Buffer.from('') });
    await expect(kinesis.send(put)).rejects.toMatchObject({ name: 'KMSAccessDeniedException' });
  });

  it('a key of which only an alias is known stops the start', () => {
    const aliased: Parts['others'] = [['AWS::SQS::Queue', { KmsMasterKeyId: 'alias/mine' }, { ref: 'jobs' }]];
    expect(() => collected({ others: aliased })).toThrow(
      'stack/jobs: a key that is named by its alias (alias/mine)',
    );
  });
});

describe('an event source mapping', () => {
  const mapping = (properties: object): Parts['others'] => [
    ['AWS::Lambda::EventSourceMapping', { FunctionName: 'probe', ...properties }, { ref: 'Map' }],
  ];
  const fromQueue = mapping({ EventSourceArn: queue });
  const OnFailure = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } });
  const poll = statement({ Action: ['kinesis:*'] });

  it.each<[string, Parts, string | undefined]>([
    ['of a queue', { others: fromQueue, statements: [statement({ Action: 'sqs:*' })] }, undefined],
    [
      'of a queue, by a policy of AWS',
      {
        others: fromQueue,
        role: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole'] },
      },
      undefined,
    ],
    [
      'of a queue that it may not receive from',
      { others: fromQueue, statements: [statement({ NotAction: 'sqs:ReceiveMessage' })] },
      'permissions to call ReceiveMessage on SQS. AccessDenied: the role probe-role of probe is not authorized to perform sqs:ReceiveMessage on',
    ],
    [
      'of a stream that it may not list',
      {
        others: mapping({ EventSourceArn: stream }),
        statements: [statement({ NotAction: 'kinesis:ListShards' })],
      },
      'permissions to call ListShards on KINESIS',
    ],
    [
      'with a bucket',
      {
        others: mapping({ EventSourceArn: stream, ...OnFailure('arn:aws:s3:::b') }),
        statements: [
          poll,
          statement({ Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b' }),
          statement({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/aws/lambda/*' }),
        ],
      },
      undefined,
    ],
    [
      'with a bucket that it may not write',
      {
        others: mapping({ EventSourceArn: stream, ...OnFailure('arn:aws:s3:::b') }),
        statements: [poll, statement({ Action: 's3:*', Resource: 'arn:aws:s3:::b' })],
      },
      'permissions to call PutObject on S3',
    ],
    [
      'with a queue that it may not send to',
      { others: mapping({ EventSourceArn: stream, ...OnFailure(queue) }), statements: [poll] },
      'permissions to call SendMessage on SQS',
    ],
  ])('%s', (_, parts, refusal) => {
    const { authorizer } = collected(parts);
    if (refusal === undefined) expect(() => authorizer.deployed()).not.toThrow();
    else
      expect(() => authorizer.deployed()).toThrow(
        `stack/Map: InvalidParameterValueException: The provided execution role does not have ${refusal}`,
      );
  });
});

describe('what is not known stops the start', () => {
  it.each<[string, Parts, string]>([
    [
      'a policy of AWS',
      { role: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
      'its role has a policy that is not known here: arn:aws:iam::aws:policy/AdministratorAccess',
    ],
    [
      'a role of elsewhere',
      { others: [['AWS::Lambda::Function', { Role: 'arn:aws:iam::1:role/x' }, { ref: 'other' }]] },
      'other: its role arn:aws:iam::1:role/x is in none of the stacks',
    ],
    [
      'a function without a role',
      { others: [['AWS::Lambda::Function', {}, { ref: 'other' }]] },
      'stack/other (AWS::Lambda::Function): Role: ',
    ],
    [
      'a policy of a role of elsewhere',
      { others: [['AWS::IAM::Policy', { Roles: ['x'], PolicyDocument: { Statement: [] } }, { ref: 'p' }]] },
      'stack/p: there is no role x in the stacks',
    ],
    [
      'a boundary',
      { role: { PermissionsBoundary: 'arn:aws:iam::aws:policy/x' } },
      'stack/probe-role (AWS::IAM::Role): PermissionsBoundary: is not emulated',
    ],
    [
      'a condition',
      { statements: [statement({ Condition: { IpAddress: { 'aws:SourceIp': '1' } } })] },
      'stack/policy (AWS::IAM::Policy): the condition key aws:SourceIp is not emulated',
    ],
  ])('%s', (_, parts, message) => {
    expect(() => deployed(parts)).toThrow(message);
  });
});

it('a policy of a queue or a bucket has its say', () => {
  const denial = { PolicyDocument: { Statement: statement({ Effect: 'Deny', Principal: '*' }) } };
  const { authorizer } = deployed({
    statements: [statement({})],
    others: [
      [
        'AWS::SQS::QueuePolicy',
        { ...denial, Queues: ['http://127.0.0.1:4569/000000000000/jobs'] },
        { ref: 'a' },
      ],
      ['AWS::S3::BucketPolicy', { ...denial, Bucket: 'b' }, { ref: 'c' }],
    ],
  });
  for (const resource of [queue, 'arn:aws:s3:::b', 'arn:aws:s3:::b/key']) {
    const refusal = authorizer.refusalOf('probe', [{ action: 's3:GetObject', resource }]);
    expect(refusal?.decision).toEqual({ isAllowed: false, isExplicit: true, policy: 'resource-based' });
  }
  expect(
    authorizer.refusalOf('probe', [{ action: 's3:GetObject', resource: 'arn:aws:s3:::b2' }]),
  ).toBeUndefined();
});

it('one that is like another refuses the same without being told of a resource, once it is deployed, and tells of it anew', () => {
  const first = deployed({ statements: [statement({ Action: 'kinesis:PutRecords', Resource: stream })] });
  const rights = ['PutRecords', 'PutRecord'].map((name) => ({
    action: `kinesis:${name}`,
    resource: stream,
  }));
  expect(first.authorizer.refusalOf('probe', rights)).toMatchObject({ action: 'kinesis:PutRecord' });
  const refusals: Refusal[] = [];
  const onRefusal = (refusal: Refusal) => refusals.push(refusal);
  const second = new Authorizer({ region, accountId, onRefusal }, first.authorizer.learnt);
  expect(second.callingFunction({ caller: 'probe.1' })).toBeUndefined();
  second.deployed();
  expect(second.callingFunction({ caller: 'probe.1' })).toBe('probe');
  for (let again = 0; again < 2; again += 1) {
    expect(second.refusalOf('probe', rights)).toMatchObject({ action: 'kinesis:PutRecord' });
  }
  expect(refusals).toHaveLength(1);
  expect(first.refusals).toHaveLength(1);
});

it('keeps nothing of itself alive with what it has learnt', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  const learner = () => {
    const authorizer = new Authorizer({ region, accountId, onRefusal: () => {} });
    return { learnt: authorizer.learnt, authorizer: new WeakRef(authorizer) };
  };
  const { learnt, authorizer } = learner();
  const next = new Authorizer({ region, accountId, onRefusal: () => {} }, learnt);
  await vi.waitFor(() => {
    collectGarbage();
    // Whoever is told of a value that is wrong keeps it.
    expect(authorizer.deref() === undefined).toBe(true);
  });
  expect(next.learnt).toEqual(learnt);
});
