import { ListShardsCommand } from '@aws-sdk/client-kinesis';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Assembly } from '../../local/assembly.ts';
import type { AwsCall } from '../../local/proxy/aws-call.ts';
import { aroundNthCall } from '../../local/proxy/nth-call.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import { type Played, playEvents, synthesizeDev } from './support/pipeline.ts';

const start = (lotteryId: number) => ({ type: 'LotteryStartEvent', lotteryId });
const buy = (userId: number, purchasedCoupons = 100) => ({
  type: 'UserBuyCouponEvent',
  userId,
  purchasedCoupons,
});
const click = (userId: number, timestamp: number, lotteryId = 1) => ({
  ...{ type: 'UserClickEvent', timestamp, userId, lotteryId },
});

/** Scenario 4 of the first version, with windows of 2 s instead of 10. */
const scenario = [start(1), buy(1), buy(2), buy(3), click(1, 200), click(2, 1000), click(3, 2200)];

let assembly: Assembly;
let played: Played | undefined;
let hosts: Runtime['functions'];

beforeAll(async () => {
  assembly = await synthesizeDev();
});

afterEach(async () => {
  await played?.runtime.stop();
  played = undefined;
});

describe('the pipeline on one machine', () => {
  it('sells coupons, accepts clicks, draws one winner per window, and stops without leaving anything that answers', async () => {
    played = await playEvents(scenario, { assembly, together: true });
    expect(played.ofType('LotteryStartedEvent')).toMatchObject([{ lotteryId: 1, run: 1 }]);
    expect(played.ofType('CouponsBoughtEvent').map(({ availableCoupons }) => availableCoupons)).toEqual([
      100, 100, 100,
    ]);
    expect(played.ofType('ClickAcceptedEvent').map(({ availableCoupons }) => availableCoupons)).toEqual([
      99, 99, 99,
    ]);
    const winners = played.ofType('LotteryWinnerEvent').toSorted((a, b) => a.windowStart - b.windowStart);
    expect(winners).toMatchObject([
      { drawId: '1@0', windowStart: 0, windowEnd: 2000, entries: 2 },
      { drawId: '1@2000', windowStart: 2000, userId: 3, entries: 1 },
    ]);
    expect(played.events).toHaveLength(1 + 3 + 3 + 2);
    const { endpoints, lambdaEndpoint, stop } = played.runtime;
    await stop();
    await stop();
    for (const endpoint of [...Object.values(endpoints), lambdaEndpoint]) {
      await expect(fetch(endpoint)).rejects.toThrow();
    }
  });

  it('rejects each bad event with its reason and leaves the good ones as they are', async () => {
    played = await playEvents(
      [
        start(1),
        start(1),
        buy(1, 2),
        buy(1, -1),
        click(1, 100, 2),
        click(9, 100),
        'not json',
        '{"type":"Unheard"}',
        '{"type":"UserClickEvent","timestamp":"now","userId":1,"lotteryId":1}',
        '{"type":"LotteryStartEvent"}',
        click(1, 100),
      ],
      { assembly },
    );
    const rejections = played
      .ofType('EventRejectedEvent')
      .map(({ reason, message }) => `${reason}: ${message}`);
    expect(rejections.toSorted()).toEqual([
      expect.stringMatching(/^INVALID_COUPON_AMOUNT: purchasedCoupons must be at least 1, was /),
      expect.stringMatching(/^INVALID_FIELD: .*lotteryId/),
      expect.stringMatching(/^INVALID_FIELD: .*timestamp/),
      expect.stringMatching(/^INVALID_JSON: /),
      'LOTTERY_ALREADY_STARTED: Cannot start already started lottery, lotteryId: 1',
      'LOTTERY_INACTIVE: Cannot click on inactive lottery, lotteryId: 2',
      'NO_COUPON: User has no coupon, userId: 9',
      expect.stringMatching(/^UNKNOWN_TYPE: .*Unheard/),
    ]);
    expect(played.ofType('ClickAcceptedEvent')).toMatchObject([{ userId: 1, availableCoupons: 1 }]);
    expect(played.ofType('LotteryWinnerEvent')).toMatchObject([{ userId: 1, windowStart: 0 }]);
    expect(await played.coupons('1')).toBe(1);
  });

  it('applies what depends on each other in the order of the file, for many lotteries at a time', async () => {
    const lotteryIds = Array.from({ length: 10 }, (_, index) => index + 1);
    const events = lotteryIds.flatMap((lotteryId) => [
      click(lotteryId, 100, lotteryId),
      start(lotteryId),
      buy(lotteryId, 3),
      click(lotteryId, 200, lotteryId),
      { type: 'LotteryStopEvent', lotteryId },
      click(lotteryId, 300, lotteryId),
      start(lotteryId),
      click(lotteryId, 400, lotteryId),
    ]);
    played = await playEvents(events, { assembly });
    const outcomes = lotteryIds.map((lotteryId) =>
      played?.events
        .filter((event) => event.type === 'ClickAcceptedEvent' || event.type === 'EventRejectedEvent')
        .filter(
          (event) =>
            (event.type === 'EventRejectedEvent' ? event.event?.lotteryId : event.lotteryId) === lotteryId,
        )
        .map((event) => (event.type === 'EventRejectedEvent' ? event.reason : event.drawId)),
    );
    expect(outcomes).toEqual(
      lotteryIds.map((lotteryId) => [
        'LOTTERY_INACTIVE',
        `${lotteryId}@0`,
        'LOTTERY_INACTIVE',
        `${lotteryId}@0#2`,
      ]),
    );
    expect(played.ofType('LotteryStartedEvent')).toHaveLength(20);
    expect(new Set(played.ofType('LotteryWinnerEvent').map(({ drawId }) => drawId)).size).toBe(20);
  });

  it('gives every event its one outcome when the function is killed right after its write', async () => {
    const killed: string[] = [];
    const intercept = aroundNthCall({
      matches: isWriteTo('dev-users'),
      nth: 1,
      when: 'after',
      async act({ caller }) {
        killed.push(caller);
        await hosts.get('dev-user-events')?.host.kill(caller);
      },
    });
    played = await playEvents(scenario, {
      assembly,
      together: true,
      intercept,
      onStarted: ({ functions }) => {
        hosts = functions;
      },
    });
    expect(killed).toEqual(['dev-user-events.1']);
    expect(hosts.get('dev-user-events')?.host.coldStarts).toBeGreaterThan(1);
    const outcomes = [
      ...played.ofType('CouponsBoughtEvent').map(({ recordId }) => recordId),
      ...played.ofType('ClickAcceptedEvent').map(({ entryId }) => entryId),
    ];
    expect(new Set(outcomes).size).toBe(6);
    expect(played.ofType('EventRejectedEvent')).toEqual([]);
    const balances = await Promise.all(['1', '2', '3'].map(played.coupons));
    expect(balances).toEqual([99, 99, 99]);
    expect(new Set(played.ofType('LotteryWinnerEvent').map(({ drawId }) => drawId))).toEqual(
      new Set(['1@0', '1@2000']),
    );
  });
});

describe('the pipeline with two shards', () => {
  let twoShards: Assembly;

  beforeAll(async () => {
    twoShards = withTwoShards(await synthesizeDev());
  });

  it('gives the same results', async () => {
    const users = Array.from({ length: 12 }, (_, index) => index + 1);
    const events = [
      start(1),
      ...users.map((user) => buy(user, 2)),
      ...users.map((user) => click(user, user * 100)),
    ];
    played = await playEvents(events, { assembly: twoShards, together: true });
    expect(await shardsOf(played.runtime, played.runtime.outputs.UserEventsInputStreamName)).toBe(2);
    const accepted = played.ofType('ClickAcceptedEvent');
    expect(accepted.map(({ userId }) => userId).toSorted(byNumber)).toEqual(users);
    expect(accepted.every(({ availableCoupons }) => availableCoupons === 1)).toBe(true);
    expect(new Set(accepted.map(({ entryId }) => entryId.split(':')[0])).size).toBe(2);
    const winners = new Set(
      played.ofType('LotteryWinnerEvent').map(({ drawId, entryId }) => `${drawId} ${entryId}`),
    );
    expect(winners.size).toBe(1);
  });
});

/** As `dev:shards=2` would have it, without the seconds of another synthesis. */
function withTwoShards(assembly: Assembly): Assembly {
  for (const { template } of assembly.stacks) {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === 'AWS::Kinesis::Stream' && !String(Properties.Name).includes('lottery-events')) {
        Properties.ShardCount = 2;
      }
    }
  }
  return assembly;
}

function byNumber(left: string | number, right: string | number): number {
  return Number(left) - Number(right);
}

async function shardsOf(runtime: Runtime, stream: string | undefined): Promise<number | undefined> {
  const { Shards: shards } = await runtime.clients.kinesis.send(
    new ListShardsCommand({ StreamName: stream }),
  );
  return shards?.length;
}

function isWriteTo(table: string): (call: AwsCall) => boolean {
  const writes = ['PutItem', 'UpdateItem', 'BatchExecuteStatement'];
  return ({ operation, body }) => writes.includes(operation) && body.includes(table);
}
