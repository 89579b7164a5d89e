import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  archiveKey,
  archiveLine,
  archiveObjectOf,
  dayOf,
  parseArchiveKey,
  parseArchiveLine,
} from '../../../lambda/core/archive.ts';
import { sequenceNumber, shardId, sourceRecordOf } from '../../support/records.ts';

const day = Date.parse('2026-11-26');

describe('the name of an object', () => {
  test('has stream, day of the first record, shard, first and last sequence number', () => {
    const [first, last] = [day + 86_399_999, day + 86_400_000].map((arrival, n) =>
      sourceRecordOf(n, {}, { arrival }),
    );
    if (first === undefined || last === undefined) throw new Error('There are two');
    const object = archiveObjectOf('lottery', first, last);
    const key = `archive/lottery/2026-11-26/${shardId}/${sequenceNumber(0)}-${sequenceNumber(1)}.jsonl.gz`;
    expect(archiveKey(object)).toBe(key);
    expect(parseArchiveKey(key)).toEqual(object);
    expect(dayOf(day - 1)).toBe('2026-11-25');
  });

  test.each([
    'archive/user/2026-11-26/shardId-0/1-2.jsonl',
    'archive/entries/2026-11-26/shardId-0/1-2.jsonl.gz',
    'archive/user/2026-11-26/shardId-0/2-1.jsonl.gz',
    'archive/user/2026-11-26/../1-2.jsonl.gz',
    'archive/user/2026-11-26/shardId-0/1-x.jsonl.gz',
    'blocks/archive/user/2026-11-26/shardId-0/1-2.jsonl.gz',
  ])('%s is none', (key) => {
    expect(parseArchiveKey(key)).toBeUndefined();
  });
});

describe('a line', () => {
  test('names its record, says when it came, and has the event as it was', () => {
    const text = '{"b":1.0,"a":12345678901234567890,"b":"ü"}';
    const line = archiveLine(sourceRecordOf(1, text, { arrival: 7 }));
    const recordId = `${shardId}:${sequenceNumber(1)}`;
    expect(line).toBe(`{"recordId":"${recordId}","arrival":7,"event":${text}}\n`);
    expect(parseArchiveLine(line.trimEnd())).toEqual({ recordId, arrival: 7, text, raw: undefined });
  });

  test('has the bytes, whatever they are, and no more than one end', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text.replace(/[,:]/g, '$&\r\n'))),
      fc
        .constantFrom('\ufeff{}', '{"a":"\u2028"}', `${'['.repeat(9_000)}${']'.repeat(9_000)}`, '')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(anything, fc.nat(), (data, arrival) => {
        const record = sourceRecordOf(1, data, { arrival });
        const line = archiveLine(record);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const read = parseArchiveLine(line.slice(0, -1));
        const { text, raw = '' } = read ?? {};
        expect(text === undefined ? Buffer.from(raw, 'base64') : Buffer.from(text)).toEqual(data);
        expect(read?.arrival).toBe(arrival);
      }),
    );
  });

  test('is JSON, with the event in it or its bytes', () => {
    const contentOf = (content: string) => {
      const { event, raw } = JSON.parse(archiveLine(sourceRecordOf(1, content)));
      return raw === undefined ? event : { raw };
    };
    expect(contentOf('{"a":[1]}')).toEqual({ a: [1] });
    expect(contentOf('7')).toBe(7);
    expect(contentOf('{"a":1},"x":{}')).toEqual({ raw: Buffer.from('{"a":1},"x":{}').toString('base64') });
  });

  test.each([
    '{"recordId":"shardId-0:1","arrival":1,"event":{}',
    '{"recordId":"shardId-0:1","arrival":1,"raw":"e30=","event":{}}',
    '{"recordId":"shardId-0","arrival":1,"event":{}}',
    '{"event":{},"recordId":"shardId-0:1","arrival":1}',
    '',
  ])('%s is none', (line) => {
    expect(parseArchiveLine(line)).toBeUndefined();
  });
});
