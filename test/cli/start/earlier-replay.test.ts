import { describe, expect, it } from 'vitest';
import { afterEarlier, type EarlierReplay } from '../../../cli/start/earlier-replay.ts';
import { type EventLine, route } from '../../../client/event-lines.ts';
import { buy, click, start } from '../../support/client-events.ts';

const timing = { windowMs: 10_000, graceMs: 2_000 };
const ended: EarlierReplay = { directory: 'DIR', time: 32_001, isOver: true };

/** What is let through of a file of these events, and why no more. */
async function through(events: readonly object[], earlier: EarlierReplay) {
  const lines = async function* (): AsyncGenerator<EventLine> {
    for (const [index, event] of events.entries()) {
      const text = JSON.stringify(event);
      yield { number: index + 1, data: Buffer.from(text), ...route(text) };
    }
  };
  const numbers: number[] = [];
  try {
    for await (const { number } of afterEarlier(lines(), earlier, timing)) numbers.push(number);
  } catch (error) {
    return { numbers, problem: error instanceof Error ? error.message : undefined };
  }
  return { numbers };
}

const begin = [start(1, { timestamp: 0 }), buy(1)];

describe('a file for a directory of an earlier replay', () => {
  it('is refused before anything is let through when its first click would count for another window', async () => {
    expect(await through([...begin, click(1, 29_999), click(1, 40_000)], ended)).toEqual({
      numbers: [],
      problem:
        '--data DIR: a replay was there before, and its time is 1970-01-01T00:00:32.001Z; line 3 is a click of ' +
        '1970-01-01T00:00:29.999Z, and would count for then. Nothing was put: name another directory, or a file of ' +
        'later clicks',
    });
  });

  it.each<[string, object[], EarlierReplay]>([
    ['comes after it', [...begin, click(1, 30_000), click(1, 5)], ended],
    ['has no clicks', begin, ended],
    ['is the first', [...begin, click(1, 0)], { ...ended, time: 0 }],
    [
      'goes on with one that was interrupted, by its event ids',
      [...begin, click(1, 0, 1, { eventId: 7 })],
      { ...ended, isOver: false },
    ],
  ])('is put in its order where it %s', async (_, events, earlier) => {
    expect(await through(events, earlier)).toEqual({ numbers: events.map((_, index) => index + 1) });
  });

  it.each<[string, object, EarlierReplay]>([
    ['one that ended, whatever its ids', { eventId: 'e' }, ended],
    ['one that was interrupted, without ids', {}, { ...ended, isOver: false }],
  ])('is refused behind %s', async (_, fields, earlier) => {
    const { numbers, problem } = await through([...begin, click(1, 0, 1, fields)], earlier);
    expect([numbers, problem]).toEqual([[], expect.stringContaining('line 3 is a click of')]);
  });
});
