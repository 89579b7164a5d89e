import { expect, it } from 'vitest';
import { toPendingRecord } from '../../../local/event-source-mapping/kinesis/record.ts';

it.each(['user-1', 'Jürgen', '\u{1F3B0}', '"\\\n', '\ud800'])(
  "knows a record's size in the payload: UTF-8, with what JSON escapes (%j)",
  (PartitionKey) => {
    for (const Data of [new Uint8Array(), Uint8Array.of(255, 254, 62), new Uint8Array(1_000)]) {
      const source = {
        Data,
        PartitionKey,
        SequenceNumber: '1',
        ApproximateArrivalTimestamp: new Date(1_500),
      };
      const origin = {
        streamArn: 'arn',
        region: 'us-east-1',
        shardId: 'shardId-000000000000',
        roleArn: 'role',
      };
      const { bytes, record } = toPendingRecord(source, origin, 2_000);
      expect(bytes).toBe(Buffer.byteLength(JSON.stringify(record)));
    }
  },
);
