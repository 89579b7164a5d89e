import { expect, it } from 'vitest';
import { Activity } from '../../../cli/start/local-api/activity.ts';
import type { MappingEvent } from '../../../local/event-source-mapping/index.ts';

const invoked = (records: number): MappingEvent => ({
  ...{ type: 'invoked', origin: 'shardId-000000000000', records },
  ...{ final: false, early: false },
});

it('counts what a stream takes, and what each of its functions is given, over ten seconds that are over', () => {
  let now = 0;
  const activity = new Activity(() => now);
  for (now = 0; now < 20_000; now += 500) {
    activity.observe({ type: 'written', records: { in: 3, out: 1 } });
    for (const functionName of ['archive', 'live']) {
      const source = 'arn:aws:kinesis:us-east-1:000000000000:stream/in';
      activity.observe({ type: 'mapping', functionName, source, event: invoked(2) });
    }
  }
  expect(activity.ofStream('in').rates(now)).toEqual({ inPerSecond: 6, outPerSecond: 8 });
  expect(activity.ofStream('out').rates(now)).toEqual({ inPerSecond: 2, outPerSecond: 0 });
  expect(activity.of('live').rates(now)).toEqual({ recordsPerSecond: 4, invocationsPerSecond: 2 });
  now += 11_000;
  expect(activity.ofStream('in').rates(now)).toEqual({ inPerSecond: 0, outPerSecond: 0 });
});

it('counts what a topic takes by its offsets: from the second look, and over ten seconds', () => {
  const topic = new Activity(() => 0).ofStream('topic');
  const look = (taken: number, now: number) => {
    topic.hadTaken(taken, now);
    return topic.rates(now).inPerSecond;
  };
  expect(look(5_000, 0)).toBe(0);
  expect(look(5_030, 2_000)).toBe(15);
  expect(look(5_100, 10_000)).toBe(10);
  expect(look(5_190, 12_000)).toBe(16);
  // Nobody has looked for an hour: what came meanwhile did not come now.
  expect(look(90_000, 3_600_000)).toBe(0);
});
