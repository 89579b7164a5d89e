import { describe, expect, test } from 'vitest';
import { decodeUserRecord, isDecoded, isHeartbeat } from '../../../lambda/core/decode.ts';
import type { EventRejectedEvent } from '../../../lambda/core/rejected-event.ts';
import { rejectedEvent } from '../../../lambda/core/rejected-event.ts';
import { sequenceNumber, shardId, sourceRecordOf } from '../../support/records.ts';

function rejectionOf(content: unknown): EventRejectedEvent {
  const decoded = decodeUserRecord(sourceRecordOf(7, content));
  if (isDecoded(decoded) || isHeartbeat(decoded)) throw new Error('The record holds an event');
  return rejectedEvent(decoded);
}

const nested = (depth: number) => `{"type":"X","a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const oneMegabyte = 1024 * 1024;

describe('the event that tells of a rejection', () => {
  test('carries the event as it was sent', () => {
    const event = { type: 'UserClickEvent', userId: 1, lotteryId: 1, timestamp: 'x', mine: ['a', null] };
    expect(rejectionOf(event)).toEqual({
      type: 'EventRejectedEvent',
      reason: 'INVALID_FIELD',
      message: expect.stringContaining("Invalid field 'timestamp'"),
      field: 'timestamp',
      recordId: `${shardId}:${sequenceNumber(7)}`,
      event,
    });
  });

  test('carries bytes that are no JSON object in base64', () => {
    const bytes = Buffer.from([0xff, 0x00, 0x80]);
    expect(rejectionOf(bytes)).toMatchObject({ reason: 'INVALID_JSON', raw: bytes.toString('base64') });
    expect(rejectionOf(bytes)).not.toHaveProperty('event');
    expect(rejectionOf(bytes)).not.toHaveProperty('rawBytes');
  });

  test('carries an event with a lone surrogate', () => {
    const sent = '{"type":"\\ud800"}';
    expect(JSON.stringify(rejectionOf(sent).event)).toBe(sent);
  });

  test('carries a deeply nested event as bytes', () => {
    const sent = nested(20_000);
    expect(rejectionOf(sent)).toMatchObject({ raw: Buffer.from(sent).toString('base64') });
    expect(rejectionOf(nested(200))).toHaveProperty('event.a');
  });

  test('carries only the first 64 KB of a large record, and says how large it was', () => {
    const bytes = Buffer.alloc(oneMegabyte, 'a');
    const event = rejectionOf(bytes);
    expect(event.rawBytes).toBe(oneMegabyte);
    expect(Buffer.from(event.raw ?? '', 'base64')).toEqual(bytes.subarray(0, 64 * 1024));
  });

  test.each([
    ['1 MB of brackets', nested((oneMegabyte - 100) / 2)],
    ['1 MB of one type name', JSON.stringify({ type: 'x'.repeat(oneMegabyte - 100) })],
    ['1 MB of bytes', Buffer.alloc(oneMegabyte, 0xff)],
    ['numbers that grow when they are written out', `{"type":"X","a":[${'9e20,'.repeat(13_000)}1]}`],
    ['control characters', JSON.stringify({ type: 'X', a: '\u0001'.repeat(10_000) })],
  ])('fits in a Kinesis record: %s', (_, content) => {
    expect(Buffer.byteLength(JSON.stringify(rejectionOf(content)))).toBeLessThan(oneMegabyte / 2);
  });
});
