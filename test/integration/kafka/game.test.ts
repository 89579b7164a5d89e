import { readFileSync } from 'node:fs';
import { ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parseOutputEvent } from '../../../client/output-events.ts';
import { ownBeacon } from '../../../client/own-beacon.ts';
import { lotteryResources } from '../../../client/resources.ts';
import { openStreams } from '../../../client/streams/open.ts';
import { systemClock } from '../../../local/clock.ts';
import { startRuntime } from '../../../local/runtime.ts';
import type { Runtime, RuntimeEvent } from '../../../local/runtime-options.ts';
import { sharedKafka } from '../../support/kafka.ts';
import { sharedAssembly } from '../../support/shared-assembly.ts';
import { playEvents, shortWindows } from '../support/pipeline.ts';
import { brokersFor, topicContext } from './support.ts';

const kafka = await sharedKafka();
afterAll(() => kafka.close());

let runtime: Runtime | undefined;
afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
});

const POLL_MS = 200;

/** Somebody changes the topic, under way. */
function haveProducersTime(topic: string): Promise<void> {
  const change = { name: 'message.timestamp.type', value: 'CreateTime' };
  return kafka.admin((admin) =>
    admin.incrementalAlterConfigs({
      resources: [
        {
          resourceType: ConfigResourceTypes.TOPIC,
          resourceName: topic,
          configs: [{ ...change, configOperation: IncrementalAlterConfigOperationTypes.SET }],
        },
      ],
    }),
  );
}

describe.runIf(kafka.isThere)('a game on topics', () => {
  it("the article's events have two winners, user 3 among them", async () => {
    const context = { ...shortWindows.context, 'dev:windowSeconds': 10, ...topicContext('article-') };
    const lines = readFileSync(new URL('../../data/article.jsonl', import.meta.url), 'utf8');
    const played = await playEvents(lines.trimEnd().split('\n'), {
      assembly: await sharedAssembly({ environment: 'dev', context }),
      ...brokersFor(context, kafka.bootstrapServers),
    });
    runtime = played.runtime;
    const winners = played.ofType('LotteryWinnerEvent');
    expect(winners.toSorted((a, b) => a.windowStart - b.windowStart)).toMatchObject([
      { windowStart: 0 },
      { windowStart: 10_000, userId: 3 },
    ]);
    expect(await played.coupons('3')).toBe(99);
  });

  it('heartbeats move idle partitions on, so that draws are made; a topic whose times are its producers is refused by name', async () => {
    const context = {
      ...shortWindows.context,
      'dev:clockToleranceSeconds': 300,
      'dev:shards': 3,
      'dev:lotteryShards': 2,
      ...topicContext('idle-'),
    };
    const reasons: string[] = [];
    const observer = (event: RuntimeEvent) => {
      if (event.type === 'mapping' && event.event.type === 'failed') reasons.push(event.event.reason);
    };
    runtime = await startRuntime({
      ...ownBeacon,
      ...brokersFor(context, kafka.bootstrapServers),
      assembly: await sharedAssembly({ environment: 'dev', context }),
      observer,
    });
    const outer = await openStreams(runtime.outputs, runtime.clients.kinesis);
    const { lotteryEventsInput, userEventsInput, lotteryEventsOutput } = lotteryResources(runtime);
    const put = (stream: string, partitionKey: string, event: object) =>
      outer.put(stream, [{ partitionKey, data: Buffer.from(JSON.stringify(event)) }]);
    const reader = outer.reader(lotteryEventsOutput, systemClock);
    const until = async (type: string) => {
      for (;;) {
        const events = (await reader.poll()).map(({ data }) => parseOutputEvent(data));
        if (events.some((event) => event?.type === type)) return;
        await systemClock.sleep(POLL_MS);
      }
    };
    await put(lotteryEventsInput, '1', { type: 'LotteryStartEvent', lotteryId: 1 });
    await until('LotteryStartedEvent');
    await put(userEventsInput, '1', { type: 'UserBuyCouponEvent', userId: 1, purchasedCoupons: 1 });
    await put(userEventsInput, '1', {
      type: 'UserClickEvent',
      userId: 1,
      lotteryId: 1,
      timestamp: Date.now(),
    });
    await until('LotteryWinnerEvent');

    await haveProducersTime(userEventsInput);
    await put(userEventsInput, '2', { type: 'UserBuyCouponEvent', userId: 2, purchasedCoupons: 1 });
    await expect
      .poll(() => reasons, { timeout: 60_000, interval: POLL_MS })
      .toContainEqual(
        expect.stringContaining(`${userEventsInput} must have message.timestamp.type=LogAppendTime`),
      );
    await outer.close();
  });
});
