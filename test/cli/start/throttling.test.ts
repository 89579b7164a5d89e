import { expect, it } from 'vitest';
import { Throttling } from '../../../cli/start/throttling.ts';

it('names each shard that is at its limit once, and at the end all that was refused', () => {
  const throttling = new Throttling();
  expect(throttling.text).toBeUndefined();
  const put = { operation: 'PutRecords', stream: 'in', shardId: 'shardId-000000000000' } as const;
  expect(throttling.observe({ ...put, count: 1_200 })).toBe(
    'Throttled: records for in, shardId-000000000000 is at its limit for this second',
  );
  expect(throttling.observe({ ...put, operation: 'PutRecord', count: 1 })).toBeUndefined();
  expect(throttling.observe({ ...put, operation: 'GetRecords', count: 1 })).toMatch(
    /^Throttled: reads of in,/,
  );
  expect(throttling.observe({ ...put, operation: 'GetShardIterator', count: 1 })).toMatch(
    /: iterators of in,/,
  );
  expect(throttling.text).toBe(
    'Throttled, and tried again: 1 iterators of in shardId-000000000000, 1 reads of in shardId-000000000000, 1,201 records for in shardId-000000000000',
  );
});
