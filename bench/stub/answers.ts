import { hash } from 'node:crypto';
import { z } from 'zod';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import { sequenceNumber, shardId } from '../payloads/records.ts';
import type { Attributes, KeptItems } from './kept-items.ts';
import { spend } from './spend.ts';
import { execute } from './statements.ts';
import type { Usage } from './usage.ts';
import { itemBytes, putUnitsOf, readUnitsOf, writeUnitsOf } from './usage.ts';

/**
 * What the stub answers, for each operation that the functions and the baseline use. Users are kept, under the conditions of
 * their writes; everything else is forgotten: every lottery is active, and every other write succeeds.
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
    Statements: z.array(
      z.object({ Statement: z.string(), Parameters: z.array(z.record(z.string(), z.unknown())) }),
    ),
  }),
  UpdateItem: z.looseObject({ TableName: z.string() }),
  PutItem: z.object({ Item: attributes }),
  PutRecords: z.object({
    StreamName: z.string(),
    Records: z.array(z.object({ Data: z.string(), PartitionKey: z.string() })),
  }),
  SendMessageBatch: z.object({ Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })) }),
};

const seed = '5e'.repeat(32);

/** In the form of one, DER of two numbers of 32 bytes: nobody checks it. */
const signature = Buffer.from(`3044${`0220${'5e'.repeat(32)}`.repeat(2)}`, 'hex').toString('base64');

function itemOf(table: string, key: Attributes, items: KeptItems): Attributes[] {
  if (items.has(table)) return [items.get(table, key)].filter((item) => item !== undefined);
  if ('seedCommitment' in key) return [{ ...key, seed: { S: seed } }];
  const { lotteryId = {} } = key;
  return [{ ...key, version: { N: '1' }, current: { M: lotteryRun(lotteryId) }, cursors: { M: {} } }];
}

function lotteryRun(lotteryId: Readonly<Record<string, unknown>>): Attributes {
  return {
    lotteryId,
    run: { N: '1' },
    status: { S: 'active' },
    seedCommitment: { S: seedCommitment(seed) },
    receiptKey: { S: 'bench' },
    windowMs: { N: '10000' },
    graceMs: { N: '2000' },
  };
}

export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  readonly body: object;
}

type Operation = (body: unknown, usage: Usage, items: KeptItems) => Answer;

export const operations: Readonly<Record<string, Operation>> = {
  BatchGetItem(body, usage, kept) {
    const { RequestItems } = schemas.BatchGetItem.parse(body);
    const answers = Object.entries(RequestItems).map(([table, { Keys, ConsistentRead }]) => {
      const items = Keys.flatMap((key) => itemOf(table, key, kept));
      for (const item of items) usage.readUnits += readUnitsOf(itemBytes(item), ConsistentRead);
      return [table, items] as const;
    });
    return { body: { Responses: Object.fromEntries(answers), UnprocessedKeys: {} } };
  },

  BatchExecuteStatement(body, usage, items) {
    const { Statements } = schemas.BatchExecuteStatement.parse(body);
    const results = Statements.map(({ Statement, Parameters }) => execute(Statement, Parameters, items));
    for (const { item } of results) usage.writeUnits += writeUnitsOf(itemBytes(item));
    return { body: { Responses: results.map(({ answer }) => answer) } };
  },

  PutItem(body, usage) {
    usage.writeUnits += writeUnitsOf(itemBytes(schemas.PutItem.parse(body).Item));
    return { body: {} };
  },

  /** Of the baseline a user; else a watermark, which is within 1 KB. */
  UpdateItem(body, usage, items) {
    if (!items.has(schemas.UpdateItem.parse(body).TableName)) {
      usage.writeUnits += 1;
      return { body: {} };
    }
    const { answer, isWritten, item } = spend(body, items);
    usage.writeUnits += writeUnitsOf(itemBytes(item));
    return { status: isWritten ? 200 : 400, body: answer };
  },

  PutRecords(body, usage) {
    const { StreamName, Records } = schemas.PutRecords.parse(body);
    for (const { Data, PartitionKey } of Records) usage.putUnits += putUnitsOf(Data, PartitionKey);
    usage.records[StreamName] = (usage.records[StreamName] ?? 0) + Records.length;
    const taken = { SequenceNumber: sequenceNumber(1), ShardId: shardId };
    return { body: { FailedRecordCount: 0, Records: Records.map(() => taken) } };
  },

  Sign() {
    return { body: { KeyId: 'bench', Signature: signature, SigningAlgorithm: 'ECDSA_SHA_256' } };
  },

  SendMessageBatch(body) {
    const { Entries } = schemas.SendMessageBatch.parse(body);
    const Successful = Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: Id,
      // The SDK compares the hash.
      MD5OfMessageBody: hash('md5', MessageBody),
    }));
    return { body: { Successful, Failed: [] } };
  },
};
