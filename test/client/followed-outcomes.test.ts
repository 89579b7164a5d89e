import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { FollowedOutcomes } from '../../client/followed-outcomes.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';

const outputs = ['LotteryEventsOutput', 'UserEventsOutput'];
const arrival = 1_700_000_000_000;

let isPutting: boolean;
let unread: StreamRecord[];
let outcomes: FollowedOutcomes;
/** Record ids and arrivals of the outcomes that were told. */
let told: [string, number][];

beforeEach(() => {
  isPutting = true;
  unread = [];
  told = [];
  const streams = {
    reader: (stream: string) => ({
      begin: async () => {},
      poll: async () => (stream === 'UserEventsOutput' ? unread.splice(0) : []),
    }),
  } as unknown as OuterStreams;
  const clients = {} as never;
  outcomes = new FollowedOutcomes({
    environment: {
      ...{ name: 'dev', isLocal: true, region: 'us-east-1', clients, streams, close: () => {} },
      outputs: Object.fromEntries(outputs.map((name) => [`${name}StreamName`, name])),
    },
    clock: { now: () => 0, sleep: () => setImmediate() },
    isPutting: () => isPutting,
  });
});

function comes(sequenceNumber: string): void {
  const event = {
    type: 'CouponsBoughtEvent',
    ...{ userId: 1, purchasedCoupons: 1, availableCoupons: 1, recordId: `s:${sequenceNumber}` },
  };
  unread.push({
    ...{ stream: 'UserEventsOutput', shardId: 's', sequenceNumber, partitionKey: '1', arrival },
    data: Buffer.from(JSON.stringify(event)),
  });
}

const expectOf = (sequenceNumber: string, channel: 'user' | 'lottery' = 'user') =>
  outcomes.expect(channel, `s:${sequenceNumber}`, (_, at) => told.push([sequenceNumber, at]));

/** All that is there is read, and what comes of that is done. */
async function read(): Promise<void> {
  while (unread.length > 0) await setImmediate();
  await setImmediate();
}

it('tells an outcome with its arrival, also one that comes before the answer of its put', async () => {
  await outcomes.during(async (signal) => {
    comes('1');
    await read();
    expectOf('1');
    expectOf('2');
    expectOf('2', 'lottery');
    expect(outcomes.owed).toBe(2);
    comes('2');
    await read();
    expect(outcomes.owed).toBe(1);
    outcomes.giveUpAll();
    await outcomes.settled(60_000, signal);
  });
  expect(told).toEqual(['1', '2'].map((sequenceNumber) => [sequenceNumber, arrival]));
});

it('keeps nothing that nobody has put', async () => {
  await outcomes.during(async () => {
    isPutting = false;
    comes('1');
    await read();
    expectOf('1');
  });
  expect({ told, owed: outcomes.owed }).toEqual({ told: [], owed: 1 });
});
