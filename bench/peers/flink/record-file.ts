import { closeSync, openSync, writeSync } from 'node:fs';
import { forEachEvent, lotteryEvents, type Shape, type StreamedEvent } from './events.ts';

/** Of a record: its arrival (64 bits), its place in the stream (32), and the length of its JSON (16), big-endian. */
const headerBytes = 8 + 4 + 2;
const blockBytes = 1 << 20;
const longest = 4_096;

/** A shard as a file: records one behind the other. */
class RecordFile {
  readonly #file: number;
  readonly #block = Buffer.alloc(blockBytes);
  #used = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  add(arrival: number, position: number, json: string): void {
    if (this.#used + headerBytes + longest > blockBytes) this.#flush();
    const block = this.#block;
    const start = this.#used;
    const length = block.write(json, start + headerBytes, 'latin1');
    block.writeUInt32BE(Math.floor(arrival / 2 ** 32), start);
    block.writeUInt32BE(arrival % 2 ** 32, start + 4);
    block.writeUInt32BE(position, start + 8);
    block.writeUInt16BE(length, start + 12);
    this.#used = start + headerBytes + length;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#block, 0, this.#used);
    this.#used = 0;
  }
}

/** As `JSON.stringify` writes it, which a test checks: millions are written. */
export function jsonOf({ isClick, userId, lotteryId, timestamp, purchasedCoupons }: StreamedEvent): string {
  return isClick
    ? `{"type":"UserClickEvent","timestamp":${timestamp},"userId":${userId},"lotteryId":${lotteryId}}`
    : `{"type":"UserBuyCouponEvent","userId":${userId},"purchasedCoupons":${purchasedCoupons}}`;
}

/** Writes both streams. A user's events are in one shard. @param userShards a file for each */
export function writeShards(shape: Shape, lotteryShard: string, userShards: readonly string[]): void {
  const lotteries = new RecordFile(lotteryShard);
  for (const { arrival, position, event } of lotteryEvents(shape))
    lotteries.add(arrival, position, JSON.stringify(event));
  lotteries.close();
  const users = userShards.map((path) => new RecordFile(path));
  forEachEvent(shape, (event) => {
    users[event.userId % users.length]?.add(event.arrival, event.position, jsonOf(event));
  });
  for (const file of users) file.close();
}
