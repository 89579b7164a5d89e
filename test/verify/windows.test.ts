import { describe, expect, it } from 'vitest';
import {
  check,
  type Event,
  ended,
  firstWindow,
  receipt,
  refunded,
  started,
  stopped,
  won,
} from './fixture.ts';

const at = (ms: number) => firstWindow + ms;
const clickAt = (timestamp: number, arrival = timestamp) => ({
  ...{ userId: 1, entryId: 'shardId-000000000000:1', timestamp: at(timestamp), arrival: at(arrival) },
});
const replayed = { ...started(), replay: true };
const endless = { ...started(), prizes: undefined };

describe('the window of a click', () => {
  it.each([
    ['its own', 13_000, 13_000, 1],
    ['its own, at the end of the grace', 13_000, 22_000, 1],
    ['that of its arrival, after the grace', 13_000, 22_001, 2],
    ['its own, a grace before it begins', 20_500, 18_000, 2],
    ['that of its arrival, earlier', 20_500, 17_999, 1],
    ['that of its arrival, where the timestamp is far ahead', 90_000, 13_000, 1],
  ])('is %s', async (_, timestamp, arrival, window) => {
    for (const other of [0, 1, 2]) {
      const click = clickAt(timestamp, arrival);
      const { failures, text } = await check([started(), receipt(other, click)]);
      expect(failures).toBe(other === window ? 0 : 1);
      if (other !== window)
        expect(text).toContain(
          `the click on line 2 has timestamp ${at(timestamp)} and arrived at ${at(arrival)}: it belongs in the window from ${at(window * 10_000)}`,
        );
    }
  });

  it.each([
    ['its own', 13_000, 1, true],
    ['that of a later clock', 13_000, 2, true],
    ['an earlier one', 13_000, 0, false],
  ])('is in a replay %s', async (_, timestamp, window, isRight) => {
    const { failures, text } = await check([replayed, receipt(window, clickAt(timestamp, 90_000_000))]);
    expect(failures).toBe(isRight ? 0 : 1);
    if (!isRight) expect(text).toContain(`has timestamp ${at(timestamp)}, and cannot be in this window`);
  });

  it('is in a replay none that the clock cannot have been in when its own was over by the grace', async () => {
    const long = { ...replayed, graceMs: 10_000 };
    expect((await check([long, receipt(2, clickAt(13_000))])).failures).toBe(1);
    expect((await check([long, receipt(3, clickAt(13_000))])).failures).toBe(0);
  });

  it('is not checked without a start, but for its bounds', async () => {
    const odd = receipt(2, clickAt(13_000));
    expect((await check([odd])).failures).toBe(0);
    const { text } = await check([{ ...odd, windowEnd: at(30_001) }]);
    expect(text).toContain('does not fit windowStart');
  });

  it.each([
    ['of a receipt', (events: Event[]) => change(events, 1)],
    ['of a winner', (events: Event[]) => change(events, 2)],
  ])('is as long as the start says: %s', async (_, changed) => {
    const click = clickAt(3_000);
    const events = [started(), receipt(0, click), won(0, click, 1, 1)];
    expect((await check(events)).failures).toBe(0);
    const { failures, text } = await check(changed(events));
    expect(failures).toBe(1);
    expect(text).toContain(`windowEnd ${at(5_000)} does not fit windowStart ${firstWindow}`);
  });
  function change(events: Event[], index: number) {
    return events.map((event, place) => (place === index ? { ...event, windowEnd: at(5_000) } : event));
  }
});

describe('a winner', () => {
  const later = { ...endless, firstWindowStart: at(10_000) };
  const drawn = (window: number) => {
    const click = clickAt(window * 10_000 + 3_000);
    return [receipt(window, click), { ...won(window, click, 1, 1), prize: undefined }];
  };
  it.each<[string, Event[], string | undefined]>([
    ['in the first window', [later, ...drawn(1)], undefined],
    ['before it', [later, ...drawn(0)], `the first window of its run is that from ${at(10_000)}`],
    ['in the last window', [endless, stopped(1), ...drawn(1), ended()], undefined],
    [
      'after it',
      [endless, stopped(1), ...drawn(2), ended()],
      `the last window of its run is that from ${at(10_000)}`,
    ],
    [
      'after the last prize',
      [started(), ...drawn(3)],
      `the last window of its run is that from ${at(20_000)}`,
    ],
    [
      'after the last prize, where a stop came later',
      [started(), stopped(5), ...drawn(3)],
      `the last window of its run is that from ${at(20_000)}`,
    ],
  ])('%s', async (_, events, reason) => {
    const { failures, text } = await check(events);
    expect(failures > 0).toBe(reason !== undefined);
    expect(text).toContain(reason ?? ' 0 failures');
  });

  it('is not needed for a receipt before the first window to fail', async () => {
    const { text } = await check([later, receipt(0, clickAt(3_000))]);
    expect(text).toContain(
      `the click on line 2 is before the first window of its run, that from ${at(10_000)}`,
    );
  });

  it.each([[later], [{ ...later, replay: true }]])(
    'is no reason to take a click that was made before the first window',
    async (start) => {
      const click = { ...clickAt(3_000, 15_000), timestamp: at(3_000) };
      const { failures, text } = await check([start, receipt(1, click)]);
      expect(failures).toBe(1);
      expect(text).toContain(
        `the click on line 2 has timestamp ${at(3_000)}, before the first window of its run`,
      );
    },
  );

  it('is not there for what a cheat dates ahead of a stop', async () => {
    const click = clickAt(23_000, 23_000);
    const events = [endless, stopped(1), receipt(2, click), refunded(2, click), ended()];
    expect((await check(events)).failures).toBe(0);
  });
});
