import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Follower } from '../../client/follower.ts';
import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import { systemClock } from '../../local/clock.ts';
import { inMemoryServices } from '../contract/support/in-memory-services.ts';

it('who waits is let go by the signal, though nothing is read any more', async () => {
  const { kinesis } = inMemoryServices().clients;
  const follower = new Follower({
    outer: new KinesisStreams(kinesis),
    streams: [],
    clock: systemClock,
    onRecord: () => {},
  });
  const ending = new AbortController();
  const waiting = follower.until(() => false, ending.signal).then(() => 'let go');
  ending.abort();
  expect(await Promise.race([waiting, setImmediate('waits')])).toBe('let go');
});
