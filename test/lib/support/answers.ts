import type { Answer } from './recording-server.ts';

/** As the services answer, in JSON. */
export const errorOf = (type: string, status = 400): Answer => ({
  status,
  headers: { 'x-amzn-requestid': 'id' },
  body: JSON.stringify({ __type: type, message: `It is ${type}`, Item: { id: { S: 'a' } } }),
});
/** As S3 does. */
export const xmlOf = (code: string, status: number): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is ${code}</Message><Key>a</Key></Error>`,
});

const item = { id: { S: 'a' }, bytes: { B: 'AAEC' }, list: { L: [{ N: '1' }, { NULL: true }] } };
/** What a service answers to a command; those of S3 have none in JSON. */
export const successes: Record<string, unknown> = {
  BatchExecuteStatement: { Responses: [{ Item: item }, { Error: { Code: 'DuplicateItem', Message: 'x' } }] },
  BatchGetItem: { Responses: { users: [item] }, UnprocessedKeys: { users: { Keys: [{ id: { S: 'b' } }] } } },
  DeleteItem: { Attributes: item },
  GetItem: { Item: item },
  PutItem: {},
  Query: { Items: [item], LastEvaluatedKey: { id: { S: 'a' } } },
  UpdateItem: { Attributes: item },
  ListShards: { Shards: [{ ShardId: 'a', HashKeyRange: { StartingHashKey: '0' } }], NextToken: 'b' },
  PutRecords: { FailedRecordCount: 1, Records: [{ SequenceNumber: '1' }, { ErrorCode: 'b' }] },
  GetPublicKey: { PublicKey: 'AAEC', KeySpec: 'ECC_NIST_P256' },
  Sign: { Signature: 'AAEC' },
  SendMessageBatch: {
    Successful: [{ Id: '0', MessageId: '1', MD5OfMessageBody: 'e5e5c0754f1e26bf915455e21cf2eba5' }],
  },
};
