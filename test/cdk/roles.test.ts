import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { rightsOf } from './rights.ts';
import { synthesize } from './synthesize.ts';

/** Actions of one service on one resource, as the lines that `rightsOf` gives. */
function may(service: string, actions: string, resource: string): string[] {
  if (actions === '') return [];
  return actions.split(' ').map((action) => `${service}:${action} on ${resource}`);
}

const poll = 'DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards';

const failedBatches = ['s3:ListBucket on ArtifactsBucket', 's3:PutObject on ArtifactsBucket/aws/lambda/*'];

const log = (name: string) => may('logs', 'CreateLogStream PutLogEvents', `Logs${name}`);

/** With a key of the environment's own: what each use of an encrypted resource takes. */
const read = ['Decrypt'];
const send = ['Decrypt', 'GenerateDataKey'];
const writeTable = [
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
];

const keyRights: Record<string, readonly string[]> = {
  'lottery-events': writeTable,
  'user-events': writeTable,
  draw: writeTable,
  ticks: [...new Set([...read, ...send])],
};

/** Every right of every function; one that is not here must not be in a template. */
const rights = {
  'lottery-events': [
    ...log('lotteryevents'),
    ...failedBatches,
    ...may('kinesis', poll, 'Streamslotteryeventsinput'),
    ...may('dynamodb', 'BatchGetItem GetItem PutItem UpdateItem', 'Tableslotteries'),
    ...may('kinesis', 'PutRecords', 'Streamslotteryeventsoutput'),
    ...may('kinesis', 'PutRecords', 'Streamsentries'),
    ...may('sqs', 'SendMessage', 'TicksQueue'),
  ],
  'user-events': [
    ...log('userevents'),
    ...failedBatches,
    ...may('kinesis', poll, 'Streamsusereventsinput'),
    ...may('dynamodb', 'BatchGetItem GetItem PartiQLInsert PartiQLUpdate', 'Tablesusers'),
    ...may('dynamodb', 'BatchGetItem GetItem', 'Tableslotteries'),
    ...may('dynamodb', 'BatchGetItem GetItem', 'Tablesdraws'),
    ...may('kinesis', 'PutRecords', 'Streamsusereventsoutput'),
    ...may('kinesis', 'PutRecords', 'Streamsentries'),
    ...may('sqs', 'SendMessage', 'TicksQueue'),
  ],
  draw: [
    ...log('draw'),
    ...failedBatches,
    ...may('kinesis', `${poll} PutRecords`, 'Streamsentries'),
    ...may('dynamodb', 'BatchGetItem GetItem UpdateItem', 'Tableslotteries'),
    ...may('dynamodb', 'BatchGetItem GetItem PutItem', 'Tablesdraws'),
    ...may('kinesis', 'PutRecords', 'Streamslotteryeventsoutput'),
    ...may('kinesis', 'PutRecords', 'Streamsusereventsoutput'),
    ...may('kinesis', 'PutRecords', 'Streamsusereventsinput'),
    ...may('sqs', 'SendMessage', 'TicksQueue'),
  ],
  ticks: [
    ...log('ticks'),
    ...may('sqs', 'DeleteMessage GetQueueAttributes ReceiveMessage SendMessage', 'TicksQueue'),
    ...may('kinesis', 'PutRecords', 'Streamsentries'),
  ],
};

describe.each(Object.entries(environments))('roles of %s', (environment, settings) => {
  const { processing } = synthesize(environment);

  it.each(Object.entries(rights))('the %s function may do exactly what it needs', (name, expected) => {
    const key = settings.encryption === 'own-key' ? (keyRights[name] ?? []) : [];
    const all = [...expected, ...may('kms', key.join(' '), 'EncryptionKey')];
    expect(rightsOf(processing, `${environment}-${name}`)).toEqual(all.sort());
  });
});
