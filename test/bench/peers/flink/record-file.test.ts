import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  countOf,
  forEachEvent,
  lotteryEvents,
  type StreamedEvent,
} from '../../../../bench/peers/flink/events.ts';
import { streamsOf } from '../../../../bench/peers/flink/streams.ts';

const shape = { clicks: 3_000, users: 50, clicksPerSecond: 1_000 };
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lottery-flink-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** As RecordIterator.java reads them. */
function recordsIn(bytes: Buffer) {
  const records = [];
  for (let offset = 0; offset < bytes.length; ) {
    const end = offset + 14 + bytes.readUInt16BE(offset + 12);
    const json: object = JSON.parse(bytes.toString('utf8', offset + 14, end));
    records.push({
      arrival: Number(bytes.readBigInt64BE(offset)),
      position: bytes.readInt32BE(offset + 8),
      json,
    });
    offset = end;
  }
  return records;
}

function asSent(event: StreamedEvent) {
  const { isClick, userId, lotteryId, timestamp, purchasedCoupons, arrival, position } = event;
  const json = isClick
    ? { type: 'UserClickEvent', timestamp, userId, lotteryId }
    : { type: 'UserBuyCouponEvent', userId, purchasedCoupons };
  return { arrival, position, json };
}

it('holds the events, each in the shard of its user', () => {
  const { userShards, lotteryShard } = streamsOf(directory, shape, 2);
  const sent: ReturnType<typeof asSent>[] = [];
  forEachEvent(shape, (event) => sent.push(asSent(event)));
  expect(sent).toHaveLength(countOf(shape));
  const shards = userShards.map((path) => recordsIn(readFileSync(path)));
  for (const [shard, records] of shards.entries())
    expect(records).toEqual(sent.filter(({ json }) => json.userId % 2 === shard));
  const lotteries = lotteryEvents(shape).map(({ event: json, ...place }) => ({ ...place, json }));
  expect(recordsIn(readFileSync(lotteryShard))).toEqual(lotteries);
});

it('is the same on any machine', () => {
  const { userShards, expected } = streamsOf(directory, shape, 1);
  const hash = createHash('sha256');
  for (const path of userShards) hash.update(readFileSync(path));
  expect(hash.digest('hex')).toMatchInlineSnapshot(
    `"cea1d65d2bc32bbbac9e6a1001d1dd9e7aab46255cc71e00f7357fef61cf96bc"`,
  );
  expect(expected.digest).toMatchInlineSnapshot(`1029625651`);
});
