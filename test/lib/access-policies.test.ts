import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { rightsOfPolicy } from './rights.ts';
import { resources, synthesize } from './synthesize.ts';

/** For which commands, as docs/operating.md has them, people need an action. One that nobody needs is in no policy. */
const reasons: Readonly<Record<'viewer' | 'operator', Readonly<Record<string, string>>>> = {
  viewer: {
    'cloudformation:DescribeStacks': 'every command: the names of what there is are outputs',
    'cloudwatch:DescribeAlarms': 'doctor: which alarms are on',
    'dynamodb:BatchGetItem': 'status, user: runs, draws, watermarks, the user',
    'dynamodb:GetItem': 'by hand: up to where all shards are (docs/runbook.md)',
    'dynamodb:Scan': 'ls, status, doctor: the lotteries',
    'kinesis:DescribeStreamSummary':
      'winners, user --history, export: how long the output streams keep records',
    'kinesis:GetRecords':
      'tail, winners, user --history, export; start, buy and click wait for their outcomes; status, doctor: what waits on the inputs, and partial draws on entries',
    'kinesis:GetShardIterator': 'as GetRecords',
    'kinesis:ListShards': 'as GetRecords',
    'kms:Decrypt': 'where the environment has a key of its own: records, items and objects',
    'kms:DescribeKey': 'where the environment has a key of its own: items',
    'lambda:GetFunctionConcurrency': 'status, doctor, pause: whether the draw is paused',
    'lambda:ListEventSourceMappings':
      'status, doctor: whether functions are paused; pause and resume wait for it',
    's3:GetObject': 'export: the archive and the sheets; status, doctor: the entries of draws that wait',
    's3:ListBucket': 'export: what is archived; doctor: whether there are failed batches',
    'sqs:GetQueueAttributes': 'status, doctor: how many ticks wait',
  },
  operator: {
    'dynamodb:GetItem': 'grant: whether it is there already',
    'dynamodb:PutItem': 'grant',
    'kinesis:PutRecords': 'start, stop, buy, click, grant, load',
    'kms:Decrypt': 'where the environment has a key of its own: failed batches',
    'kms:DescribeKey': 'where the environment has a key of its own: grants',
    'kms:Encrypt': 'as DescribeKey: what DynamoDB asks of who puts items (Developer Guide, "Usage notes")',
    'kms:GenerateDataKey': 'where the environment has a key of its own: events that are put, and grants',
    'kms:GenerateDataKeyWithoutPlaintext': 'as Encrypt',
    'kms:ReEncryptFrom': 'as Encrypt',
    'kms:ReEncryptTo': 'as Encrypt',
    'lambda:DeleteFunctionConcurrency': 'resume draw',
    'lambda:PutFunctionConcurrency': 'pause draw',
    'lambda:UpdateEventSourceMapping': 'pause, resume',
    's3:DeleteObject': 'failed batches that are settled by hand (docs/faults.md)',
    's3:GetObject': 'failed batches that are settled by hand',
  },
};

const outputStreams = ['Streamslotteryeventsoutput', 'Streamsusereventsoutput'];
const inputStreams = ['Streamslotteryeventsinput', 'Streamsusereventsinput'];
const allStreams = [...inputStreams, ...outputStreams, 'Streamsentries'];
const seenTables = ['draws', 'grants', 'lotteries', 'refunds', 'users', 'watermarks'].map(
  (name) => `Tables${name}`,
);
const functions = ['Archive', 'Draw', 'LotteryEvents', 'TickConsumer', 'UserEvents'].map(
  (name) => `${name}HandlerFunction`,
);
const mappings = [
  ...['ArchiveLotteryOutputsMapping', 'ArchiveUserOutputsMapping', 'DrawInputMapping'],
  ...['LotteryEventsInputMapping', 'TickConsumerInput', 'UserEventsInputMapping'],
];

const on = (resources: readonly string[], ...actions: string[]) =>
  actions.flatMap((action) => resources.map((resource) => `${action} on ${resource}`));

const read = ['GetRecords', 'GetShardIterator', 'ListShards'];
const folders = ['archive', 'blocks', 'lists', 'sheets'];

/** Every right of each; one that is not here must not be in a template. */
const rights = {
  viewer: (environment: string) => [
    ...on(['*'], 'cloudwatch:DescribeAlarms', 'lambda:ListEventSourceMappings'),
    `cloudformation:DescribeStacks on stack/${environment}-lottery-*/*`,
    ...on(seenTables, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Scan'),
    ...on(outputStreams, 'kinesis:DescribeStreamSummary'),
    ...on(allStreams, ...read.map((operation) => `kinesis:${operation}`)),
    ...on(functions, 'lambda:GetFunctionConcurrency'),
    ...on(['TicksQueue'], 'sqs:GetQueueAttributes'),
    ...on(['ArtifactsBucket', 'DrawsBucket'], 's3:ListBucket'),
    ...on(
      folders.map((folder) => `DrawsBucket/${folder}/*`),
      's3:GetObject',
    ),
  ],
  operator: () => [
    ...on(inputStreams, 'kinesis:PutRecords'),
    ...on(['Tablesgrants'], 'dynamodb:GetItem', 'dynamodb:PutItem'),
    ...on(functions, 'lambda:DeleteFunctionConcurrency', 'lambda:PutFunctionConcurrency'),
    ...on(mappings, 'lambda:UpdateEventSourceMapping'),
    ...on(['ArtifactsBucket/aws/lambda/*'], 's3:DeleteObject', 's3:GetObject'),
  ],
};

const ofKey = {
  viewer: ['kms:Decrypt', 'kms:DescribeKey'],
  operator: [
    ...['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
    ...['kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  ],
};

describe.each(Object.entries(environments))('policies for people of %s', (environment, settings) => {
  const { processing } = synthesize(environment);
  const all = {
    viewer: rightsOfPolicy(processing, 'Viewer'),
    operator: rightsOfPolicy(processing, 'Operator'),
  };

  it.each(['viewer', 'operator'] as const)('the %s may do exactly what the commands need', (who) => {
    const key = settings.encryption === 'own-key' ? on(['EncryptionKey'], ...ofKey[who]) : [];
    expect(all[who]).toEqual([...rights[who](environment), ...key].sort());
  });

  it.each(['viewer', 'operator'] as const)('each action of the %s is needed by a command', (who) => {
    const actions = new Set(all[who].map((right) => right.replace(/ on .*/, '')));
    const needed = Object.keys(reasons[who]).filter(
      (action) => settings.encryption === 'own-key' || !action.startsWith('kms:'),
    );
    expect([...actions].sort()).toEqual(needed.sort());
  });

  it('nobody reads a seed, changes what draws are made of, or lets a function run as it likes', () => {
    const both = [...all.viewer, ...all.operator];
    expect(both.filter((right) => /Tablesseeds|ReceiptsKey|Put.*Streamsentries/.test(right))).toEqual([]);
    expect(
      both.filter((right) => /s3:(Put|Delete).*DrawsBucket|lambda:(Invoke|UpdateFunction)/.test(right)),
    ).toEqual([]);
    expect(all.viewer.filter((right) => /:(Put|Update|Delete|Send|Create)/.test(right))).toEqual([]);
    // Attached to nobody: who has them is for the account to say.
    for (const { Properties } of Object.values(resources(processing, 'AWS::IAM::ManagedPolicy')))
      expect(Object.keys(Properties).sort()).toEqual(['Description', 'Path', 'PolicyDocument']);
  });
});
