import { hash } from 'node:crypto';
import { z } from 'zod';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import { sequenceNumber, shardId } from '../events.ts';
import type { Usage } from './usage.ts';
import { itemBytes, putUnitsOf, readUnitsOf, valueBytes, writeUnitsOf } from './usage.ts';

/**
 * What the stub answers, for each operation that the functions and the baselines use: always success, from no
 * state at all. Every user is one who clicked before and has coupons; every lottery is active.
 */

const attributes = z.record(z.string(), z.record(z.string(), z.unknown()));

const schemas = {
  BatchGetItem: z.object({
    RequestItems: z.record(
      z.string(),
      z.object({ Keys: z.array(attributes), ConsistentRead: z.boolean().default(false) }),
    ),
  }),
  BatchExecuteStatement: z.object({
    Statements: z.array(z.object({ Parameters: z.array(z.record(z.string(), z.unknown())) })),
  }),
  PutItem: z.object({ Item: attributes }),
  PutRecord: z.object({ StreamName: z.string(), Data: z.string(), PartitionKey: z.string() }),
  PutRecords: z.object({
    StreamName: z.string(),
    Records: z.array(z.object({ Data: z.string(), PartitionKey: z.string() })),
  }),
  SendMessageBatch: z.object({ Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })) }),
};

const cursors = {
  M: {
    [shardId]: {
      M: {
        sequenceNumber: { S: sequenceNumber(0) },
        arrival: { N: '1700000000000' },
        outcomes: { B: 'AecHAQ==' },
      },
    },
  },
};

const seed = '5e'.repeat(32);

/** In the form of one, DER of two numbers of 32 bytes: nobody checks it. */
const signature = Buffer.from(`3044${`0220${'5e'.repeat(32)}`.repeat(2)}`, 'hex').toString('base64');

const lotteryRun = {
  M: {
    lotteryId: { S: '1' },
    run: { N: '1' },
    status: { S: 'active' },
    seedCommitment: { S: seedCommitment(seed) },
    receiptKey: { S: 'bench' },
    windowMs: { N: '10000' },
    graceMs: { N: '2000' },
  },
};

function itemFor(key: z.infer<typeof attributes>): z.infer<typeof attributes> {
  if ('userId' in key) return { ...key, version: { N: '3' }, coupons: { N: '1000' }, cursors };
  if ('seedCommitment' in key) return { ...key, seed: { S: seed } };
  return { ...key, version: { N: '1' }, current: lotteryRun, cursors: { M: {} } };
}

type Operation = (body: unknown, usage: Usage) => object;

export const operations: Readonly<Record<string, Operation>> = {
  BatchGetItem(body, usage) {
    const { RequestItems } = schemas.BatchGetItem.parse(body);
    const answers = Object.entries(RequestItems).map(([table, { Keys, ConsistentRead }]) => {
      const items = Keys.map(itemFor);
      for (const item of items) usage.readUnits += readUnitsOf(itemBytes(item), ConsistentRead);
      return [table, items] as const;
    });
    return { Responses: Object.fromEntries(answers), UnprocessedKeys: {} };
  },

  /** The parameters are the values of the item; the names are in the statement and, for size, 40 bytes. */
  BatchExecuteStatement(body, usage) {
    const { Statements } = schemas.BatchExecuteStatement.parse(body);
    for (const { Parameters } of Statements) {
      const bytes = Parameters.reduce((sum, parameter) => sum + valueBytes(parameter), 40);
      usage.writeUnits += writeUnitsOf(bytes);
    }
    return { Responses: Statements.map(() => ({ TableName: 'bench' })) };
  },

  PutItem(body, usage) {
    usage.writeUnits += writeUnitsOf(itemBytes(schemas.PutItem.parse(body).Item));
    return {};
  },

  /** The item that is changed is within 1 KB here: a user, a watermark, or a record of idempotency. */
  UpdateItem(_body, usage) {
    usage.writeUnits += 1;
    return { Attributes: { coupons: { N: '999' } } };
  },

  PutRecord(body, usage) {
    const { StreamName, Data, PartitionKey } = schemas.PutRecord.parse(body);
    countRecord(usage, StreamName, Data, PartitionKey);
    return { SequenceNumber: sequenceNumber(1), ShardId: shardId };
  },

  PutRecords(body, usage) {
    const { StreamName, Records } = schemas.PutRecords.parse(body);
    for (const { Data, PartitionKey } of Records) countRecord(usage, StreamName, Data, PartitionKey);
    return {
      FailedRecordCount: 0,
      Records: Records.map(() => ({ SequenceNumber: sequenceNumber(1), ShardId: shardId })),
    };
  },

  Sign() {
    return { KeyId: 'bench', Signature: signature, SigningAlgorithm: 'ECDSA_SHA_256' };
  },

  SendMessageBatch(body) {
    const { Entries } = schemas.SendMessageBatch.parse(body);
    return {
      // The SDK compares the hash.
      Successful: Entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: hash('md5', MessageBody),
      })),
      Failed: [],
    };
  },
};

function countRecord(usage: Usage, stream: string, data: string, partitionKey: string): void {
  usage.putUnits += putUnitsOf(data, partitionKey);
  usage.records[stream] = (usage.records[stream] ?? 0) + 1;
}
