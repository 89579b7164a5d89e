import { ListShardsCommand } from '@aws-sdk/client-kinesis';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Assembly } from '../../local/cloudformation/assembly.ts';
import { FunctionError, type FunctionHost } from '../../local/function-host.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import { buy, click, start, stop } from '../support/client-events.ts';
import { type Played, playEvents, synthesizeDev } from './support/pipeline.ts';

let played: Played | undefined;

afterEach(async () => {
  await played?.runtime.stop();
  played = undefined;
});

const withBadEvents = [
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
];

/** Each line's outcome depends on those before it, of the lottery and of the user who has the same number. Windows have 2 s. */
const twoRuns: readonly ((lotteryId: number) => object)[] = [
  (lotteryId) => click(lotteryId, 100, lotteryId),
  (lotteryId) => start(lotteryId),
  (lotteryId) => buy(lotteryId, 3),
  (lotteryId) => click(lotteryId, 200, lotteryId),
  (lotteryId) => ({ ...stop(lotteryId), timestamp: 300 }),
  (lotteryId) => click(lotteryId, 3_000, lotteryId),
  (lotteryId) => start(lotteryId, { timestamp: 6_000 }),
  (lotteryId) => click(lotteryId, 7_000, lotteryId),
];

/** Two of them are on one of the shards, three on the other. */
const many = [16, 17, 18, 19, 20];

/** Two clicks of the first windows are late, by the time of those before them: one within the grace, one beyond it. */
const withLateClicks = [buy(2, 5), ...[7_100, 5_100, 9_000, 1_900, 20_000].map((time) => click(2, time))];

const events = [...withBadEvents, ...twoRuns.flatMap((line) => many.map(line)), ...withLateClicks];

/** Of how many entries each draw is: by the file alone. */
const draws = {
  ...Object.fromEntries(many.flatMap((id) => [`${id}@0`, `${id}@6000#2`].map((drawId) => [drawId, 1]))),
  ...{ '1@0': 1, '1@4000': 1, '1@6000': 1, '1@8000': 2, '1@20000': 1 },
};

function drawsOf({ ofType }: Played): Record<string, number> {
  return Object.fromEntries(ofType('LotteryWinnerEvent').map(({ drawId, entries }) => [drawId, entries]));
}

it('the pipeline with two shards gives each event its outcome in the order of the file, and stops without leaving anything that answers', async () => {
  played = await playEvents(events, { assembly: withTwoShards(await synthesizeDev()) });
  expect(await shardsOf(played.runtime, played.runtime.outputs.UserEventsInputStreamName)).toBe(2);
  const all = played.events.map((event) => ({ event, lotteryId: lotteryOf(event) }));
  const own = (ids: readonly unknown[]) =>
    all.filter(({ lotteryId }) => ids.includes(lotteryId)).map(({ event }) => event);

  const rejections = played
    .ofType('EventRejectedEvent')
    .filter((event) => !many.includes(Number(lotteryOf(event))))
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
  expect(own([1])).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'ClickAcceptedEvent', userId: 1, availableCoupons: 1 }),
      expect.objectContaining({ type: 'LotteryWinnerEvent', userId: 1, windowStart: 0 }),
    ]),
  );
  expect(await played.coupons('1')).toBe(1);

  for (const lotteryId of many) {
    const clicks = own([lotteryId]).flatMap((event) => {
      if (event.type === 'ClickAcceptedEvent') return [event.drawId];
      return event.type === 'EventRejectedEvent' ? [event.reason] : [];
    });
    expect(clicks).toEqual([
      ...['LOTTERY_INACTIVE', `${lotteryId}@0`, 'LOTTERY_INACTIVE', `${lotteryId}@6000#2`],
    ]);
  }
  const started = played.ofType('LotteryStartedEvent');
  expect(started).toHaveLength(1 + 2 * many.length);
  // Each run announces the key that the stack tells.
  const { ReceiptsPublicKey } = played.runtime.outputs;
  expect(ReceiptsPublicKey).toMatch(/^MFkw/);
  expect(new Set(started.map(({ receiptKey }) => receiptKey))).toEqual(new Set([ReceiptsPublicKey]));
  expect(drawsOf(played)).toEqual(draws);

  const entries = played.ofType('ClickAcceptedEvent').map(({ entryId }) => entryId.split(':')[0]);
  expect(new Set(entries).size).toBe(2);

  const { endpoints, lambdaEndpoint, stop } = played.runtime;
  await stop();
  await stop();
  for (const endpoint of [...Object.values(endpoints), lambdaEndpoint]) {
    await expect(fetch(endpoint)).rejects.toThrow();
  }
});

it('makes the same draws of the same file on one shard, where every batch is taken for a failed one and comes again in parts', async () => {
  played = await playEvents(events, { assembly: await synthesizeDev(), wrapHost: losingResponses });
  expect(drawsOf(played)).toEqual(draws);
  expect(played.ofType('CouponRefundedEvent')).toEqual([]);
});

/**
 * The first response to a batch of a stream that begins with a record is lost: it comes again in halves, and of those the
 * second is lost once more. A message of the queue would come again only after its visibility timeout.
 */
function losingResponses(host: FunctionHost, functionName: string): FunctionHost {
  if (functionName.endsWith('-ticks')) return host;
  const seen = new Set<string>();
  return {
    async invoke(event) {
      const response = await host.invoke(event);
      const { Records } = batch.parse(event);
      const [first] = Records;
      if (first === undefined || seen.has(first.eventID)) return response;
      seen.add(first.eventID);
      throw new FunctionError(functionName, 'Error', 'The response is lost');
    },
    close: () => host.close(),
  };
}

const batch = z.object({ Records: z.array(z.looseObject({ eventID: z.string() })) });

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

/** The lottery that an output event, or the input event that it rejects, is of. */
function lotteryOf(event: Played['events'][number]): unknown {
  if (event.type === 'EventRejectedEvent') return event.event?.lotteryId;
  return 'lotteryId' in event ? event.lotteryId : undefined;
}

async function shardsOf(runtime: Runtime, stream: string | undefined): Promise<number | undefined> {
  const { Shards: shards } = await runtime.clients.kinesis.send(
    new ListShardsCommand({ StreamName: stream }),
  );
  return shards?.length;
}
