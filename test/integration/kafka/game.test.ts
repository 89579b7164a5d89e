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
import { buy, click, start } from '../../support/client-events.ts';
import { sharedKafka } from '../../support/kafka.ts';
import { sharedAssembly } from '../../support/shared-assembly.ts';
import { withoutRetries } from '../../support/without-retries.ts';
import { playEvents, shortWindows } from '../support/pipeline.ts';
import { Breakable, failedRecords, redriven } from './redrive.ts';
import { brokersFor, topicContext } from './support.ts';

const kafka = await sharedKafka();
afterAll(() => kafka.close());

let runtime: Runtime | undefined;
afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
});

const POLL_MS = 200;
const patience = { timeout: 60_000, interval: POLL_MS };

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

  it('heartbeats move idle partitions on, so that draws are made; what was given up is redriven; a topic whose times are its producers is refused by name', async () => {
    const context = {
      ...shortWindows.context,
      'dev:clockToleranceSeconds': 300,
      'dev:shards': 3,
      'dev:lotteryShards': 2,
      // Only with pollers of one's own is a batch ever given up.
      'dev:kafkaPollers': '1-2',
      ...topicContext('idle-'),
    };
    const reasons: string[] = [];
    const observer = (event: RuntimeEvent) => {
      if (event.type === 'mapping' && event.event.type === 'failed') reasons.push(event.event.reason);
    };
    const breakable = new Breakable('dev-user-events');
    runtime = await startRuntime({
      ...ownBeacon,
      ...brokersFor(context, kafka.bootstrapServers),
      assembly: withoutRetries(await sharedAssembly({ environment: 'dev', context })),
      wrapHost: (host, functionName) => breakable.wrap(host, functionName),
      observer,
    });
    const outer = await openStreams(runtime.outputs, runtime.clients.kinesis);
    const { lotteryEventsInput, userEventsInput, lotteryEventsOutput, userEventsOutput } =
      lotteryResources(runtime);
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
    await put(lotteryEventsInput, '1', start(1));
    await until('LotteryStartedEvent');
    await put(userEventsInput, '1', buy(1, 1));
    await put(userEventsInput, '1', click(1, Date.now()));
    await until('LotteryWinnerEvent');

    breakable.isBroken = true;
    const [recordId] = await put(userEventsInput, '9', buy(9, 5));
    const failed = failedRecords.bind(undefined, runtime);
    await expect.poll(failed, patience).toContain(recordId);
    breakable.isBroken = false;
    expect(await redriven(runtime)).toMatchObject({ left: 0, undecided: [] });
    const outcomes = outer.reader(userEventsOutput, systemClock);
    const ofNine: object[] = [];
    await expect
      .poll(async () => {
        const events = (await outcomes.poll()).flatMap(({ data }) => parseOutputEvent(data) ?? []);
        ofNine.push(...events.filter((event) => 'userId' in event && event.userId === 9));
        return ofNine;
      }, patience)
      .toEqual([expect.objectContaining({ type: 'CouponsBoughtEvent', recordId, availableCoupons: 5 })]);
    expect(await failed()).not.toContain(recordId);

    await haveProducersTime(userEventsInput);
    await put(userEventsInput, '2', buy(2, 1));
    await expect
      .poll(() => reasons, patience)
      .toContainEqual(
        expect.stringContaining(`${userEventsInput} must have message.timestamp.type=LogAppendTime`),
      );
    await outer.close();
  });
});
