import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAggregate, maximumAggregated, readAggregate, writeAggregate } from '../../../lambda/core/kpl.ts';
import { aggregate, field, keyField, numberField, recordField } from '../../support/aggregates.ts';

type Case = Readonly<{ name: string; events: [string, string | null, string][]; records: string[] }>;

/** Made by another project's encoder (test/data/make-aggregated.py). */
const theirs: Case[] = JSON.parse(
  readFileSync(new URL('../../data/aggregated-records.json', import.meta.url), 'utf8'),
);

const asEvents = (events: Case['events']) =>
  events.map(([partitionKey, , data]) => ({ partitionKey, data: Buffer.from(data, 'base64') }));

const event = recordField([numberField(1, 0), field(3, Buffer.from('{}'))]);

describe('aggregated records of another encoder', () => {
  test.each(theirs)('have their events: $name', ({ events, records }) => {
    const read = records.map((record) => readAggregate(Buffer.from(record, 'base64')));
    expect(read.flat()).toEqual(asEvents(events));
  });

  test.each(theirs.filter(({ events }) => events.every(([, hashKey]) => hashKey === null)))(
    'are written as they write them: $name',
    ({ events, records }) => {
      expect(writeAggregate(asEvents(events)).toString('base64')).toBe(records[0]);
    },
  );
});

describe('what is written', () => {
  const events = fc.array(
    fc.record({
      partitionKey: fc.oneof(
        fc.constantFrom('a', 'b'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      ),
      data: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    }),
    { minLength: 1, maxLength: 40 },
  );

  test('is read', () => {
    fc.assert(
      fc.property(events, (written) => {
        const record = writeAggregate(written);
        expect(isAggregate(record)).toBe(true);
        expect(readAggregate(record)).toEqual(written);
      }),
    );
  });

  test('is what was in it, and no copy', () => {
    const record = writeAggregate([{ partitionKey: 'a', data: Buffer.alloc(100) }]);
    const [read] = readAggregate(record);
    expect(typeof read === 'object' && read.data.buffer === record.buffer).toBe(true);
  });
});

describe('a record that is not as it was sent', () => {
  const record = writeAggregate([
    { partitionKey: '1', data: Buffer.from('{"a":1}') },
    { partitionKey: '2', data: Buffer.from('{"a":2}') },
  ]);

  test('is refused where it is cut off at any byte', () => {
    for (let length = 4; length < record.length; length += 1) {
      const cut = record.subarray(0, length);
      expect([length, readAggregate(cut)]).toEqual([
        length,
        expect.stringMatching(/^it is cut off before its checksum$|^its MD5 checksum is not/),
      ]);
    }
  });

  test('is refused where its contents are cut off at any byte, with the checksum that they have then', () => {
    const message = record.subarray(4, -16);
    // Behind a whole field it is a shorter message: of no keys, one, both, and the first event.
    const whole: Record<number, unknown> = {
      0: 'it holds no event',
      3: 'it holds no event',
      6: 'it holds no event',
    };
    whole[19] = [{ partitionKey: '1', data: Buffer.from('{"a":1}') }];
    for (let length = 0; length < message.length; length += 1) {
      const read = readAggregate(aggregate([message.subarray(0, length)]));
      expect([length, read]).toEqual([length, whole[length] ?? 'it ends within an event or key']);
    }
  });

  test('is refused where any byte behind the magic number is another', () => {
    for (let at = 4; at < record.length; at += 1) {
      const changed = Buffer.from(record);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(readAggregate(changed)).toBe('its MD5 checksum is not that of its contents');
    }
  });

  test('is none where a byte of the magic number is another, or it is shorter', () => {
    for (let at = 0; at < 4; at += 1) {
      const changed = Buffer.from(record);
      changed[at] = 0;
      expect(isAggregate(changed)).toBe(false);
      expect(isAggregate(record.subarray(0, at))).toBe(false);
    }
    expect(isAggregate(record.subarray(0, 4))).toBe(true);
  });
});

describe('a record with a right checksum', () => {
  const huge = Buffer.of(...Array.from({ length: 9 }, () => 0xff), 0x01);
  const endless = Buffer.alloc(11, 0xff);
  const wrong: [string, Buffer[], string][] = [
    ['no event', [keyField('1')], 'it holds no event'],
    ['nothing', [], 'it holds no event'],
    ['a key index out of its table', [event], 'the key of its event 0 is not in its table'],
    [
      'a key index of 64 bits',
      [keyField('1'), recordField([Buffer.concat([Buffer.of(8), huge]), field(3, Buffer.of())])],
      'the key of its event 0 is not in its table',
    ],
    [
      'a hash key index out of its table',
      [keyField('1'), event, recordField([numberField(1, 0), numberField(2, 0), field(3, Buffer.of())])],
      'the key of its event 1 is not in its table',
    ],
    ['no key', [keyField('1'), recordField([field(3, Buffer.of())])], 'its event 0 has no partition key'],
    ['no data', [keyField('1'), recordField([numberField(1, 0)])], 'its event 0 has no data'],
    [
      'a number that does not end',
      [Buffer.concat([Buffer.of(8), endless])],
      'its field 1 is of another type',
    ],
    ['a length that does not end', [Buffer.concat([Buffer.of(10), endless])], 'a number in it does not end'],
    ['a length of 64 bits', [Buffer.concat([Buffer.of(10), huge])], 'it ends within an event or key'],
    ['a tag that does not end', [endless], 'a number in it does not end'],
    ['a group', [keyField('1'), event, Buffer.of(35, 36)], 'its field 4 is of another type'],
    ['records that are numbers', [keyField('1'), numberField(3, 1)], 'its field 3 is of another type'],
    [
      'one event too many',
      [keyField('1'), ...Array.from({ length: maximumAggregated + 1 }, () => event)],
      'it holds more than 20000 events',
    ],
  ];

  test.each([
    ['an empty key', keyField('')],
    ['a key of 257 characters', keyField('k'.repeat(257))],
    ['a key that is no text', field(1, Buffer.of(0xff))],
  ])('and %s is none', (_, key) => {
    expect(readAggregate(aggregate([key, event]))).toMatchObject([{ partitionKey: '' }]);
  });

  test.each(wrong)('and %s is refused', (_, fields, message) => {
    expect(readAggregate(aggregate(fields))).toBe(message);
  });

  const one = [{ partitionKey: '1', data: Buffer.from('{}') }];

  test('may have its table behind its events', () => {
    expect(readAggregate(aggregate([event, keyField('1')]))).toEqual(one);
  });

  test('may have tags, and fields of a newer library', () => {
    const tag = field(4, Buffer.concat([field(1, Buffer.from('name')), field(2, Buffer.from('value'))]));
    const newer = [
      numberField(9, 300),
      field(10, Buffer.from('x')),
      Buffer.of(89, 1, 2, 3, 4, 5, 6, 7, 8),
      Buffer.of(101, 1, 2, 3, 4),
    ];
    const tagged = recordField([numberField(1, 0), field(3, Buffer.from('{}')), tag, ...newer]);
    expect(readAggregate(aggregate([...newer, keyField('1'), tagged]))).toEqual(one);
  });

  test('may have 100,000 keys, and as many events as are taken', () => {
    const keys = Array.from({ length: 100_000 }, (_, n) => keyField(String(n)));
    const last = recordField([numberField(1, 99_999), field(3, Buffer.from('{}'))]);
    const read = readAggregate(
      aggregate([...keys, ...Array.from({ length: maximumAggregated }, () => last)]),
    );
    expect(read).toHaveLength(maximumAggregated);
    expect(read[1]).toEqual({ partitionKey: '99999', data: Buffer.from('{}') });
  });

  test('of any bytes is read or refused in words, and never throws', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(keyField('1'), event, numberField(3, 5), Buffer.of(26, 200, 1), Buffer.of(10)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = readAggregate(aggregate(pieces));
        expect(typeof read === 'string' ? read : read.length).toBeTruthy();
      }),
      { numRuns: 1_000 },
    );
  });
});

test('the checksum is MD5 of the message', () => {
  const record = writeAggregate([{ partitionKey: '1', data: Buffer.from('{}') }]);
  expect(record.subarray(-16).toString('hex')).toBe(hash('md5', record.subarray(4, -16)));
});
