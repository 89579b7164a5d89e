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
