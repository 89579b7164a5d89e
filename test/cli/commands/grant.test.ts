import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Command } from 'commander';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../../cli/commands/context.ts';
import { command } from '../../../cli/commands/grant.ts';
import type { Environment } from '../../../client/environment/open.ts';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';
import { type InMemoryServices, inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { createTable } from '../../support/dynamo-engine.ts';

let memory: InMemoryServices;
let outputs: Record<string, string>;
let printed: string[];
let noted: string[];
/** Grants by their ids, as user-events knows them. */
let given: Set<string>;
let read: string | undefined;

beforeEach(async () => {
  memory = inMemoryServices();
  [printed, noted, given, read] = [[], [], new Set(), undefined];
  for (const StreamName of ['in', 'out'])
    await memory.clients.kinesis.send(new CreateStreamCommand({ StreamName }));
  outputs = {
    GrantsTableName: await createTable(memory.clients.dynamodb, { grantId: 'S' }),
    ...{
      UserEventsInputStreamName: 'in',
      UserEventsOutputStreamName: 'out',
      LotteryEventsInputStreamName: 'in',
    },
  };
});

/** What is new on the input stream. */
async function newEvents(): Promise<
  { SequenceNumber?: string | undefined; Data?: Uint8Array | undefined }[]
> {
  const { kinesis } = memory.clients;
  const from =
    read === undefined
      ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
      : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: read } as const);
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName: 'in', ShardId: 'shardId-000000000000', ...from }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  read = Records.at(-1)?.SequenceNumber ?? read;
  return Records;
}

/** Does user-events' part, and a moment passes. */
async function work(): Promise<void> {
  memory.advance(200);
  for (const { SequenceNumber, Data = new Uint8Array() } of await newEvents()) {
    const recordId = `shardId-000000000000:${SequenceNumber}`;
    const { userId, grantId } = JSON.parse(Buffer.from(Data).toString());
    const event = given.has(grantId)
      ? { type: 'EventRejectedEvent', reason: 'DUPLICATE_EVENT', message: 'Before', recordId }
      : {
          ...{
            type: 'CouponsGrantedEvent',
            userId,
            grantId,
            coupons: 5,
            reason: 'a wait',
            availableCoupons: 9,
          },
          recordId,
        };
    given.add(grantId);
    await memory.clients.kinesis.send(
      new PutRecordCommand({
        StreamName: 'out',
        PartitionKey: String(userId),
        Data: Buffer.from(JSON.stringify(event)),
      }),
    );
  }
}

/** In memory, but for the services that the command does not call. */
function environmentOf(name: string): Environment {
  const { dynamodb, kinesis, s3, sqs } = memory.clients;
  const region = 'us-east-1';
  const clients = {
    ...{ kinesis, s3, sqs, dynamodb: DynamoDBDocumentClient.from(dynamodb) },
    lambda: new LambdaClient({ region }),
    cloudFormation: new CloudFormationClient({ region }),
    cloudWatch: new CloudWatchClient({ region }),
  };
  return { name, isLocal: true, region, clients, streams: new KinesisStreams(kinesis), outputs, close() {} };
}

async function lottery(...parameters: readonly string[]): Promise<void> {
  const context: CommandContext = {
    signal: new AbortController().signal,
    clock: { now: memory.now, sleep: work },
    isTerminal: false,
    print: (text) => void printed.push(text),
    printJson: (value) => void printed.push(JSON.stringify(value)),
    note: (line) => void noted.push(line),
    clear() {},
    open: async (name) => environmentOf(name),
  };
  const program = new Command('lottery');
  program.addCommand(
    command(context)
      .name('grant')
      .exitOverride()
      .configureOutput({ writeErr() {} }),
  );
  await program.parseAsync(['grant', ...parameters], { from: 'user' });
}

describe('lottery grant', () => {
  it('says what came of it; and the same again, that it was so before', async () => {
    const same = ['7', '5', '--reason', 'a wait', '--id', 'a'];
    await lottery(...same);
    await lottery(...same);
    expect(printed).toEqual([
      'user 7 was given 5 coupons by grant a (a wait), has 9',
      'user 7 was given the coupons of grant a before',
    ]);
    expect(noted).toEqual([]);
  });

  it('says its id before anything is stored, where it was given none', async () => {
    outputs = { ...outputs, GrantsTableName: 'absent' };
    await expect(lottery('7', '5', '--reason', 'a wait')).rejects.toThrow();
    expect(noted).toEqual([expect.stringMatching(/^Grant ([\w-]{36}): with --id \1 it can be repeated$/)]);
    expect([printed, await newEvents()]).toEqual([[], []]);
  });

  it('does not wait where it shall not, and prints JSON', async () => {
    await lottery('7', '5', '--reason', 'a wait', '--id', 'a', '--no-wait', '--json');
    expect(printed).toEqual([expect.stringMatching(/^\{"recordId":"shardId-\d+:\d+"\}$/)]);
    expect(given.size).toBe(0);
  });

  it('refuses another grant of the same id', async () => {
    await lottery('7', '5', '--reason', 'a wait', '--id', 'a');
    await expect(lottery('8', '5', '--reason', 'a wait', '--id', 'a')).rejects.toThrow(
      'Grant a is there and gives 5 to user 7 ("a wait"): take another id',
    );
  });

  it.each([
    [['7', '0', '--reason', 'x'], /A whole number from 1 to 4294967296/],
    [['7', '1.5', '--reason', 'x'], /A whole number/],
    [['7', '1'], /--reason/],
    [['7', '1', '--reason', ''], /^reason must be 1 to 256 characters/],
    [['7', '1', '--reason', 'x', '--id', ''], /^grantId must be 1 to 128 characters/],
    [['', '1', '--reason', 'x'], /id of a user/],
  ])('%j is wrong usage: nothing is opened', async (parameters, message) => {
    await expect(lottery(...parameters)).rejects.toThrow(message);
    expect(noted).toEqual([]);
  });
});
