import { readdirSync, readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { processorNames } from '../../lambda/contract/variables.ts';
import { environments } from '../../lib/environments.ts';
import { rightsOf } from './rights.ts';
import { synthesize, synthesizeLive } from './synthesize.ts';

/** Actions of one service on one resource, as the lines that `rightsOf` gives. */
function may(service: string, actions: string, resource: string): string[] {
  if (actions === '') return [];
  return actions.split(' ').map((action) => `${service}:${action} on ${resource}`);
}

const poll = 'DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards';

const failedBatches = ['s3:ListBucket on ArtifactsBucket', 's3:PutObject on ArtifactsBucket/aws/lambda/*'];

const log = (name: string) => may('logs', 'CreateLogStream PutLogEvents', `Logs${name}`);

/** With a key of the environment's own: what it takes to write a table, which each does. The rest is among it. */
const writeTable = [
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
];

/** Every right of every function; one that is not here must not be in a template. */
const rights = {
  'lottery-events': [
    ...log('lotteryevents'),
    ...failedBatches,
    ...may('kinesis', poll, 'Streamslotteryeventsinput'),
    ...may('dynamodb', 'BatchGetItem GetItem PutItem', 'Tableslotteries'),
    // It makes the seeds, and cannot read one again.
    ...may('dynamodb', 'PutItem', 'Tablesseeds'),
    ...may('dynamodb', 'UpdateItem', 'Tableswatermarks'),
    ...may('kinesis', 'PutRecords', 'Streamslotteryeventsoutput'),
    ...may('sqs', 'SendMessage', 'TicksQueue'),
    // It tells the key that it cannot sign with.
    ...may('kms', 'GetPublicKey', 'ReceiptsKey'),
  ],
  'user-events': [
    ...log('userevents'),
    ...failedBatches,
    ...may('kinesis', poll, 'Streamsusereventsinput'),
    ...may('dynamodb', 'BatchGetItem PartiQLInsert PartiQLUpdate', 'Tablesusers'),
    ...may('dynamodb', 'BatchGetItem', 'Tableslotteries'),
    // It takes refunds and cannot grant one.
    ...may('dynamodb', 'BatchGetItem UpdateItem', 'Tablesrefunds'),
    // It takes grants, and only operators make them.
    ...may('dynamodb', 'BatchGetItem UpdateItem', 'Tablesgrants'),
    ...may('dynamodb', 'BatchGetItem UpdateItem', 'Tableswatermarks'),
    ...may('s3', 'PutObject', 'DrawsBucket/blocks/*'),
    ...may('kms', 'Sign', 'ReceiptsKey'),
    ...may('kinesis', 'PutRecords', 'Streamsusereventsoutput'),
    ...may('kinesis', 'PutRecords', 'Streamsentries'),
  ],
  draw: [
    ...log('draw'),
    ...failedBatches,
    ...may('kinesis', poll, 'Streamsentries'),
    ...may('dynamodb', 'BatchGetItem UpdateItem', 'Tableslotteries'),
    ...may('dynamodb', 'BatchGetItem', 'Tablesseeds'),
    ...may('dynamodb', 'GetItem PutItem', 'Tablesdraws'),
    ...may('dynamodb', 'GetItem PutItem', 'Tablesrefunds'),
    's3:ListBucket on DrawsBucket',
    ...may('s3', 'GetObject', 'DrawsBucket/blocks/*'),
    ...may('s3', 'GetObject PutObject', 'DrawsBucket/lists/*'),
    ...may('s3', 'PutObject', 'DrawsBucket/sheets/*'),
    ...may('kinesis', 'PutRecords', 'Streamslotteryeventsoutput'),
    ...may('kinesis', 'PutRecords', 'Streamsusereventsinput'),
    ...may('sqs', 'SendMessage', 'TicksQueue'),
  ],
  ticks: [
    ...log('ticks'),
    ...may('sqs', 'DeleteMessage GetQueueAttributes ReceiveMessage SendMessage', 'TicksQueue'),
    ...may('dynamodb', 'BatchGetItem GetItem PutItem', 'Tableswatermarks'),
    ...may('kinesis', 'ListShards PutRecords', 'Streamslotteryeventsinput'),
    ...may('kinesis', 'ListShards PutRecords', 'Streamsusereventsinput'),
    ...may('kinesis', 'PutRecords', 'Streamsentries'),
  ],
  archive: [
    ...log('archive'),
    ...failedBatches,
    ...may('kinesis', poll, 'Streamslotteryeventsoutput'),
    ...may('kinesis', poll, 'Streamsusereventsoutput'),
    // It keeps what was announced, and cannot read it again, nor touch what draws are made of.
    ...may('s3', 'PutObject', 'DrawsBucket/archive/*'),
  ],
};

/** With a key of the environment's own: who writes no table needs only this of it. */
const keyOf = (name: string) => (name === 'archive' ? ['Decrypt', 'GenerateDataKey'] : writeTable);

describe.each(Object.entries(environments))('roles of %s', (environment, settings) => {
  const { processing } = synthesize(environment);

  it.each(Object.entries(rights))('the %s function may do exactly what it needs', (name, expected) => {
    const key = settings.encryption === 'own-key' ? keyOf(name) : [];
    const all = [...expected, ...may('kms', key.join(' '), 'EncryptionKey')];
    expect(rightsOf(processing, `${environment}-${name}`)).toEqual(all.sort());
  });

  it('only the function that draws can read the seeds; the one that makes them cannot', () => {
    const may = processorNames.flatMap((name) =>
      rightsOf(processing, `${environment}-${name}`)
        .filter((right) => right.endsWith(' on Tablesseeds'))
        .map((right) => `${name}: ${right}`),
    );
    expect(may).toEqual([
      'lottery-events: dynamodb:PutItem on Tablesseeds',
      'draw: dynamodb:BatchGetItem on Tablesseeds',
    ]);
  });

  it('the tick function can reach no table but the watermarks', () => {
    const rights = rightsOf(processing, `${environment}-ticks`);
    const tables = rights
      .filter((right) => right.startsWith('dynamodb:'))
      .map((right) => right.split(' on ')[1]);
    expect(new Set(tables)).toEqual(new Set(['Tableswatermarks']));
  });

  it('no role has a wildcard but for keys of objects, of which the start is known', () => {
    const wild = processorNames.flatMap((name) =>
      rightsOf(processing, `${environment}-${name}`).filter((right) => right.includes('*')),
    );
    expect([...new Set(wild)].sort()).toEqual([
      's3:GetObject on DrawsBucket/blocks/*',
      's3:GetObject on DrawsBucket/lists/*',
      's3:PutObject on ArtifactsBucket/aws/lambda/*',
      's3:PutObject on DrawsBucket/archive/*',
      's3:PutObject on DrawsBucket/blocks/*',
      's3:PutObject on DrawsBucket/lists/*',
      's3:PutObject on DrawsBucket/sheets/*',
    ]);
  });

  it('only the function that accepts clicks signs receipts, by a key that nobody else may use', () => {
    const may = processorNames.flatMap((name) =>
      rightsOf(processing, `${environment}-${name}`)
        .filter((right) => right.endsWith(' on ReceiptsKey'))
        .map((right) => `${name}: ${right}`),
    );
    expect(may).toEqual([
      'lottery-events: kms:GetPublicKey on ReceiptsKey',
      'user-events: kms:Sign on ReceiptsKey',
    ]);
  });

  it('no role may delete an object', () => {
    const may = processorNames.flatMap((name) => rightsOf(processing, `${environment}-${name}`));
    expect(may.filter((right) => /^s3:(Delete|Bypass|\*)/.test(right))).toEqual([]);
  });
});

/** Of the function that the page shows things by: it writes nothing that counts. */
const liveRights = [
  ...log('live'),
  ...failedBatches,
  ...may('kinesis', poll, 'Streamslotteryeventsoutput'),
  ...may('kinesis', poll, 'Streamsusereventsoutput'),
  ...may('dynamodb', 'BatchGetItem DeleteItem GetItem PutItem Query', 'LiveTable'),
  // Of lotteries it reads what their starts have said, and no seed.
  ...may('dynamodb', 'BatchGetItem', 'Tableslotteries'),
  ...may('s3', 'PutObject', 'SiteFilesBucket/live/*'),
  'appsync:EventPublish on EventsApi/channelNamespace/lotteries',
];

describe.each(['dev', 'staging'])('the role of the live function of %s', (environment) => {
  it('may do exactly what it needs', () => {
    const key = environments[environment]?.encryption === 'own-key' ? writeTable : [];
    const all = [...liveRights, ...may('kms', key.join(' '), 'EncryptionKey')];
    expect(rightsOf(synthesizeLive(environment), `${environment}-live`)).toEqual(all.sort());
  });
});

describe('where outputs are aggregated', () => {
  const list = ['lottery-events', 'user-events', 'draw'].map((name) => [name, `dev-${name}`] as const);
  const { processing } = synthesize('dev', { 'dev:aggregateOutputs': 'on' });

  it.each(list)(
    'the %s function may see the shards of the output that it puts on, and no more than else',
    (_, name) => {
      const usual = rightsOf(synthesize('dev').processing, name);
      const more = rightsOf(processing, name).filter((right) => !usual.includes(right));
      const output = name === 'dev-user-events' ? 'userevents' : 'lotteryevents';
      expect(more.join(', ')).toMatch(new RegExp(`^kinesis:ListShards on Streams${output}output[^,]*$`));
    },
  );
});

/** The actions that a call of the SDK takes; PartiQL has one for each kind of statement. */
const commandActions: Record<string, readonly string[]> = {
  BatchExecuteStatementCommand: ['dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
  BatchGetItemCommand: ['dynamodb:BatchGetItem'],
  DeleteItemCommand: ['dynamodb:DeleteItem'],
  GetItemCommand: ['dynamodb:GetItem'],
  GetObjectCommand: ['s3:GetObject'],
  GetPublicKeyCommand: ['kms:GetPublicKey'],
  ListShardsCommand: ['kinesis:ListShards'],
  PutItemCommand: ['dynamodb:PutItem'],
  PutObjectCommand: ['s3:PutObject'],
  PutRecordsCommand: ['kinesis:PutRecords'],
  QueryCommand: ['dynamodb:Query'],
  SendMessageBatchCommand: ['sqs:SendMessage'],
  SignCommand: ['kms:Sign'],
  UpdateItemCommand: ['dynamodb:UpdateItem'],
};

describe('the calls that the functions make', () => {
  const directory = new URL('../../lambda/', import.meta.url);
  const sources = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(new URL(path, directory), 'utf8'));
  const commands = new Set(sources.flatMap((source) => source.match(/(?<=new )\w+Command(?=\()/g) ?? []));

  it('are those that some role allows, and the roles allow no other', () => {
    expect([...commands].sort()).toEqual(Object.keys(commandActions).sort());
    const allowed = [...Object.values(rights).flat(), ...liveRights]
      .map((right) => right.replace(/ on .*/, ''))
      .filter((action) => /^(dynamodb:|kinesis:(ListShards|Put)|kms:|s3:(Get|Put)|sqs:Send)/.test(action));
    expect([...new Set(allowed)].sort()).toEqual(Object.values(commandActions).flat().sort());
  });
});

describe('a right that comes by another type of policy', () => {
  const { processing } = synthesize('dev');
  const [role] = Object.keys(processing.findResources('AWS::IAM::Role')).filter((id) =>
    id.startsWith('Draw'),
  );
  const [queue] = Object.keys(processing.findResources('AWS::SQS::Queue')).filter((id) =>
    id.startsWith('TicksQueue'),
  );
  const statement = {
    Effect: 'Allow',
    Action: 'sqs:PurgeQueue',
    Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
  };
  const attached = { PolicyDocument: { Statement: [statement] } };

  it.each([
    ['AWS::IAM::ManagedPolicy', { ...attached, Roles: [{ Ref: role }] }],
    ['AWS::IAM::RolePolicy', { ...attached, PolicyName: 'more', RoleName: { Ref: role } }],
  ])('is seen: %s', (Type, Properties) => {
    const template = structuredClone(processing.toJSON());
    template.Resources.More = { Type, Properties };
    expect(rightsOf(Template.fromJSON(template), 'dev-draw')).toContain('sqs:PurgeQueue on TicksQueue');
    expect(rightsOf(processing, 'dev-draw')).not.toContain('sqs:PurgeQueue on TicksQueue');
  });
});
