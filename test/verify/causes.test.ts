import { describe, expect, it } from 'vitest';
import { verify } from '../../verify/verify.ts';
import { change, check, clicksOf, drawId, linesOf, wholeRun } from './fixture.ts';

const otherSeed = 'ab'.repeat(32);

describe('one cause is one failure, and stands first', () => {
  it('another seed: not each of the draws that it does not fit', async () => {
    const { failures, text } = await check(change(wholeRun(), 'LotteryEndedEvent', { seed: otherSeed }));
    expect(failures).toBe(1);
    const [first, second] = text.split('\n');
    expect(first).toBe(
      'FAIL  lottery 1, run 1: the seed does not fit the seedCommitment published at the start',
    );
    expect(second).toBe(
      '      so also: the seed does not fit the seedCommitment beside it' +
        [0, 1, 2]
          .map((window) => `; the windowSeed of draw ${drawId(window)} does not come from that seed`)
          .join(''),
    );
    expect(text).not.toMatch(/^ok/m);
    expect(text.match(/seed revealed, but not all as promised$/gm)).toHaveLength(3);
  });

  it('another commitment at the start: the draws fit the seed', async () => {
    const { failures, text } = await check(
      change(wholeRun(), 'LotteryStartedEvent', { seedCommitment: otherSeed }),
    );
    expect(failures).toBe(1);
    expect(text.split('\n')[0]).toContain('published at the start');
    expect(text).not.toContain('so also');
  });

  it('another entry for winner: what it does not fit is said beside it', async () => {
    const loser = clicksOf(0, 5).at(-1);
    const { failures, text } = await check(
      change(wholeRun(), 'LotteryWinnerEvent', { entryId: `${loser?.entryId}/1`, userId: 'mallory' }),
    );
    expect(failures).toBe(1);
    const [draw, cause, consequences, ...rest] = text.split('\n');
    expect(draw).toMatch(/^FAIL {2}draw .*: winner mallory/);
    expect(draw).toContain(drawId(0));
    expect(cause).toBe('      priority is not SHA-256("<drawSeed>:<entryId>")');
    expect(consequences).toMatch(
      /^ {6}so also: user mallory won with an entry of user .*; entry .* has a lower priority than the winner/,
    );
    expect(rest.filter((line) => line.startsWith('ok'))).toHaveLength(2);
  });

  it('another seed of the window: not also the priority that was made with the right one', async () => {
    const { failures, text } = await check(
      change(wholeRun(), 'LotteryWinnerEvent', { windowSeed: otherSeed }),
    );
    expect(failures).toBe(1);
    expect(text.split('\n').slice(1, 3)).toEqual([
      '      windowSeed does not come from the revealed seed',
      '      so also: priority is not SHA-256("<drawSeed>:<entryId>")',
    ]);
  });

  it('a winner that cannot be read: not also a draw without a winner', async () => {
    const { failures, text } = await check(change(wholeRun(), 'LotteryWinnerEvent', { priority: 'FF' }));
    expect(failures).toBe(1);
    expect(text).toMatch(/^FAIL {2}line \d+: LotteryWinnerEvent: priority is not 64/);
    expect(text).toContain(`note  no winner in the file for draws: ${drawId(0)}`);
  });

  it('names the first five consequences and counts the rest', async () => {
    const events = change(wholeRun(), 'LotteryEndedEvent', { seed: otherSeed });
    const { text } = await check([...events, ...more(6)]);
    expect(text).toMatch(/so also: (?:[^;]*; ){5}and \d+ more$/m);
  });

  it('fails a draw of its own when two things are wrong with different draws', async () => {
    const run = change(wholeRun(), 'LotteryWinnerEvent', { userId: 'mallory' });
    const last = run.findLastIndex(({ type }) => type === 'LotteryWinnerEvent');
    const { failures, text } = await check(
      run.map((event, index) => (index === last ? { ...event, prize: 'car' } : event)),
    );
    expect(failures).toBe(2);
    expect(text.match(/^FAIL/gm)).toHaveLength(2);
  });
});

/** Winners of later windows whose seeds fit no seed. */
function more(count: number) {
  const [template] = wholeRun().filter(({ type }) => type === 'LotteryWinnerEvent');
  return Array.from({ length: count }, (_, index) => {
    const windowStart = 1_700_000_100_000 + index * 10_000;
    return {
      ...{ ...template, type: 'LotteryWinnerEvent', windowStart, windowEnd: windowStart + 10_000 },
      drawId: `1@${windowStart}`,
    };
  });
}

describe('what fails alone', () => {
  it('is nothing where nothing does', async () => {
    expect((await verify(linesOf(wholeRun()))).failed).toEqual([]);
  });

  it('leaves out what passes, notes and the summary', async () => {
    const { failed } = await verify([
      ...linesOf(change(wholeRun(), 'LotteryWinnerEvent', { userId: 'mallory' })),
      'not json',
    ]);
    expect(failed).toHaveLength(2);
    expect(failed[0]).toContain(`FAIL  draw ${drawId(0)}`);
  });
});
