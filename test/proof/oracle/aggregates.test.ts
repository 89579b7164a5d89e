import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maximumOfOneKey } from '../../../lambda/batch/aggregated-records.ts';
import { kinesisSource } from '../../../lambda/batch/kinesis-source.ts';
import { recordIdOf } from '../../../lambda/core/ids.ts';
import { writeAggregate } from '../../../lambda/core/kpl.ts';
import { eventsIn, idOf } from '../../../proof/oracle/aggregates.ts';
import { aggregate, field, keyField, numberField, recordField } from '../../support/aggregates.ts';
import { kinesisRecord } from '../../support/records.ts';
import { History, rejection } from './history.ts';

/** The events of a record as the functions and as the oracle have them. */
function both(data: Buffer) {
  const record = kinesisRecord(1, data, { partitionKey: 'outer', arrival: 5_000 });
  const theirs = kinesisSource
    .records({ Records: [record] })
    .map((event) => [
      recordIdOf(event.source),
      event.partitionKey,
      event.data.toString('base64'),
      event.rejection?.reason,
    ]);
  const { sequenceNumber, partitionKey } = record.kinesis;
  const [shardId = ''] = record.eventID.split(':');
  const ours = eventsIn({ shardId, sequenceNumber, partitionKey, arrival: 5_000, data });
  return {
    theirs,
    ours: ours.map((event) => [
      idOf(event),
      event.partitionKey,
      Buffer.from(event.data).toString('base64'),
      event.refused,
    ]),
  };
}

/** No event is shorter. */
const heartbeat = '{"type":"Heartbeat"}';

const more = fc.oneof(
  fc.nat({ max: 2 }).map((index) => numberField(1, index)),
  fc.nat({ max: 1 }).map((index) => numberField(2, index)),
  fc.constantFrom(heartbeat, '').map((data) => field(3, Buffer.from(data))),
  fc.constantFrom(field(4, Buffer.from('tag')), numberField(3, 1), field(1, Buffer.from('a'))),
  // Of a fixed length, 64 and 32 bits; and of no kind that there is.
  fc
    .constantFrom('110000000000000000', '1500000000', '2500000000', '0b')
    .map((hex) => Buffer.from(hex, 'hex')),
);
const part = fc.oneof(
  { arbitrary: fc.constantFrom('a', 'b').map(keyField), weight: 4 },
  fc.constantFrom('', 'k'.repeat(257)).map(keyField),
  fc.constant(field(2, Buffer.from('0'))),
  {
    arbitrary: fc.array(more, { maxLength: 1 }).map((fields) => recordField([...rightFields, ...fields])),
    weight: 4,
  },
  fc.array(more, { maxLength: 3 }).map(recordField),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
);
const rightFields = [numberField(1, 0), field(3, Buffer.from(heartbeat))];
const rightEvent = recordField(rightFields);

describe('aggregated records', () => {
  it('of another encoder are read as it made them', () => {
    const path = new URL('../../data/aggregated-records.json', import.meta.url);
    const made: { events: [string, string | null, string][]; records: string[] }[] = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    const isLong = ({ events }: (typeof made)[number]) =>
      events.every(([, , data]) => Buffer.from(data, 'base64').length >= heartbeat.length);
    expect(made.filter(isLong).length).toBeGreaterThan(2);
    for (const { events, records } of made.filter(isLong)) {
      const read = records.flatMap((record) => both(Buffer.from(record, 'base64')).ours);
      expect(read.map(([, key, data, refused]) => [key, data, refused])).toEqual(
        events.map(([key, , data]) => [key, data, undefined]),
      );
    }
  });

  it('are read as the functions read them, right and wrong ones, whatever is in them', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.boolean(), (parts, isRight) => {
        const { theirs, ours } = both(aggregate(isRight ? [keyField('a'), rightEvent, ...parts] : parts));
        expect(ours).toEqual(theirs);
        if (ours.length > 1) read += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(read).toBeGreaterThan(50);
  });

  it('are cut off, or have a wrong bit, wherever that is: one rejection', () => {
    const whole = writeAggregate(
      ['1', '2'].map((partitionKey) => ({ partitionKey, data: Buffer.from(heartbeat) })),
    );
    for (let length = 4; length < whole.length; length += 1) {
      const { theirs, ours } = both(whole.subarray(0, length));
      expect(ours).toEqual(theirs);
      expect(ours).toHaveLength(1);
      const changed = Buffer.from(whole);
      changed[length] = (changed[length] ?? 0) ^ 1;
      expect(both(changed).ours).toEqual(both(changed).theirs);
      expect(both(changed).ours).toHaveLength(1);
    }
  });

  it('have events that are too short, and those are refused together', () => {
    const eventOf = (text: string) => ({ partitionKey: '1', data: Buffer.from(text) });
    for (const texts of [
      ['', ''],
      [heartbeat, ''],
      ['', heartbeat, 'x'],
      [heartbeat.padEnd(40), '', heartbeat],
    ]) {
      const { theirs, ours } = both(writeAggregate(texts.map(eventOf)));
      expect(ours).toEqual(theirs);
    }
    expect(both(writeAggregate(['', heartbeat, 'x'].map(eventOf))).ours).toMatchObject([
      [expect.stringMatching(/:1$/), '1', expect.anything(), undefined],
      [expect.stringMatching(/^shardId-\d+:\d+$/), 'outer', expect.anything(), 'INVALID_AGGREGATE'],
    ]);
  });

  it('have so many events of a key, and the ones behind are refused', () => {
    const events = Array.from({ length: maximumOfOneKey + 5 }, (_, index) => ({
      partitionKey: index === 3 ? 'other' : '1',
      data: Buffer.from(`{"type":"Heartbeat","n":${index}}`),
    }));
    const { theirs, ours } = both(writeAggregate(events));
    expect(ours).toEqual(theirs);
    expect(ours.filter(([, , , refused]) => refused === 'TOO_MANY_IN_RECORD')).toHaveLength(4);
  });
});

describe('outcomes of what is in an aggregated record', () => {
  const buy = { type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 2 };
  const inner = (data: Buffer) => writeAggregate([{ partitionKey: '1', data }]);

  it.each([
    ['an aggregated record', inner(Buffer.from('{}')), 'INVALID_AGGREGATE'],
    ['gzip', gzipSync(JSON.stringify(buy)), 'COMPRESSED'],
    [
      'an event under another key',
      Buffer.from(JSON.stringify({ ...buy, userId: 2 })),
      'PARTITION_KEY_MISMATCH',
    ],
  ])('%s is refused by name', (_, data, reason) => {
    const violations = (said: string) => {
      const history = new History();
      const id = `${history.put(1_000, inner(data))}:0`;
      history.records.user.push(...history.records.user.splice(0).flatMap(eventsIn));
      const echo = data[0] === 0x7b ? { event: JSON.parse(`${data}`) } : { raw: data.toString('base64') };
      history.say('user', 1_500, { ...rejection(said, id), ...echo });
      return history.violations();
    };
    expect(violations(reason)).toEqual([]);
    expect(violations('INVALID_JSON')).toEqual([expect.stringContaining('and must be')]);
  });
});
