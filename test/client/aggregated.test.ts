import { expect, it } from 'vitest';
import { eventsOf, inputRecordsOf } from '../../client/aggregated.ts';
import { writeAggregate } from '../../lambda/core/kpl.ts';

const place = {
  stream: 's',
  shardId: 'shardId-000000000001',
  sequenceNumber: '7',
  partitionKey: 'outer',
  arrival: 5,
};
const events = ['a', 'b'].map((partitionKey) => ({
  partitionKey,
  data: Buffer.from('{"type":"Heartbeat","time":1}'),
}));

it('what lies in an aggregated record is read with its place and key; all else as it is', () => {
  const whole = writeAggregate(events);
  expect(eventsOf({ ...place, data: whole })).toEqual(
    events.map((event, index) => ({ ...place, ...event, index })),
  );
  for (const data of [Buffer.from('{}'), whole.subarray(0, 40), new Uint8Array()]) {
    const record = { ...place, data };
    expect(eventsOf(record)).toEqual([record]);
  }
});

it('what cannot be taken apart has the rejection that the functions have for it', () => {
  const data = writeAggregate(events).subarray(0, 40);
  const ids = inputRecordsOf({ ...place, data }).map(({ source, rejection }) => [
    source.recordId,
    rejection?.reason,
  ]);
  expect(ids).toEqual([['shardId-000000000001:7', 'INVALID_AGGREGATE']]);
});

it('a record of a topic is none, whatever it begins with: its functions read it as one event', () => {
  const shardId = 'dev-user-input-topic-0';
  const record = { ...place, shardId, data: writeAggregate(events) };
  expect(eventsOf(record)).toEqual([record]);
  expect(inputRecordsOf(record).map(({ source }) => source.recordId)).toEqual([`${shardId}:7`]);
});
