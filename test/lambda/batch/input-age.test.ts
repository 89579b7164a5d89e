import { expect, it } from 'vitest';
import { withInputAge } from '../../../lambda/batch/input-age.ts';
import type { InputRecord } from '../../../lambda/core/decode.ts';

function record(shardId: string, arrival: number): InputRecord {
  const source = { shardId, sequenceNumber: String(arrival) };
  return { source, stream: 'topic', partitionKey: '7', arrival, data: Buffer.from('{}') };
}

/** Ages that are told of a batch at 10,000 ms. */
function agesOf(records: readonly InputRecord[]): number[] {
  const ages: number[] = [];
  const response = (failed: readonly object[]) => failed.length;
  const source = { reportsFailures: true, records: () => records, response };
  const telemetry = { inputAge: (ms: number) => ages.push(ms) };
  const told = withInputAge(source, telemetry, () => 10_000);
  expect([told.records(undefined), told.response([{ shardId: 'a', sequenceNumber: '1' }])]).toEqual([
    records,
    1,
  ]);
  return ages;
}

it('tells how long the last record of the slowest shard waited, whatever lies before it', () => {
  const batch = [
    record('topic-0', 2_000),
    record('topic-1', 8_000),
    record('topic-0', 9_000),
    record('topic-2', 9_500),
  ];
  expect(agesOf(batch)).toEqual([2_000]);
});

it('takes no time for a record from a clock that is ahead, and tells nothing of an empty batch', () => {
  expect(agesOf([record('topic-0', 10_500)])).toEqual([0]);
  expect(agesOf([])).toEqual([]);
});

it('tells nothing of a batch that cannot be read', () => {
  const source = {
    reportsFailures: true,
    records: (): InputRecord[] => {
      throw new Error('topic has no LogAppendTime');
    },
    response: () => undefined,
  };
  const telemetry = { inputAge: () => expect.unreachable() };
  expect(() => withInputAge(source, telemetry, () => 0).records(undefined)).toThrow('LogAppendTime');
});
