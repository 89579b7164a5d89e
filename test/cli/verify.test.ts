import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { verify } from '../../verify/verify.ts';
import { change, check, drawId, linesOf, wholeRun, without } from '../verify/fixture.ts';
import { batchesOf, draw, started } from '../verify/support/lottery.ts';

const project = new URL('../../', import.meta.url).pathname;

describe('what the file lacks', () => {
  it('no end: the seed is not revealed yet', async () => {
    const { failures, text } = await check(without(wholeRun(), 'LotteryEndedEvent'));
    expect(failures).toBe(0);
    expect(text).toContain('note  no end (LotteryEndedEvent): seed not revealed yet: lottery 1, run 1');
  });

  it('no start: no commitment from before the clicks', async () => {
    const { failures, text } = await check(without(wholeRun(), 'LotteryStartedEvent'));
    expect(failures).toBe(0);
    expect(text).toContain('note  no start (LotteryStartedEvent)');
  });

  it('no receipts', async () => {
    const { failures, text } = await check(without(wholeRun(), 'ClickAcceptedEvent'));
    expect(failures).toBe(0);
    expect(text).toContain('note  no receipts (ClickAcceptedEvent)');
    expect(text).toContain('note  no receipt of the winner: its user is not checked');
  });

  it('no winner: a note while the lottery runs, a failure after its end', async () => {
    const undrawn = without(wholeRun(), 'LotteryWinnerEvent');
    const running = await check(without(undrawn, 'LotteryEndedEvent'));
    expect(running.failures).toBe(0);
    expect(running.text).toContain(
      `note  no winner in the file for draws: ${drawId(0)}; ${drawId(1)}; ${drawId(2)}`,
    );
    expect((await check(undrawn)).failures).toBe(3);
  });

  it('no JSON on some lines: named by their numbers, no failure', async () => {
    const { failures, text } = await verify(['> npm start', '', ...linesOf(wholeRun()), '{"type":']);
    expect(failures).toBe(0);
    expect(text).toContain('note  not JSON, ignored: line 1; line 23');
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(lines: readonly string[] | undefined, ...parameters: string[]) {
    const file = join(folder, 'events.jsonl');
    if (lines) writeFileSync(file, lines.join('\n'));
    const cli = [join(project, 'cli/verify.ts'), ...(lines ? [file] : []), ...parameters];
    return spawnSync(join(project, 'node_modules/.bin/node'), cli, { encoding: 'utf8' });
  }

  it('exits 0 when nothing contradicts', () => {
    const { status, stdout } = run(linesOf(wholeRun()));
    expect(stdout).toContain('0 failures');
    expect(status).toBe(0);
  });

  it('exits 1 and names the draw when the winner was changed', () => {
    const { status, stdout } = run(linesOf(change(wholeRun(), 'LotteryWinnerEvent', { userId: 99 })));
    expect(stdout).toContain(`FAIL  draw ${drawId(0)}`);
    expect(status).toBe(1);
  });

  it('--quiet: prints only what fails', () => {
    expect(run(linesOf(wholeRun()), '--quiet')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const tampered = run(linesOf(change(wholeRun(), 'LotteryWinnerEvent', { userId: 99 })), '--quiet');
    expect(tampered.stdout).toMatch(/^FAIL {2}draw .*\n {6}user 99 won with an entry of user .*\n$/);
    expect(tampered.status).toBe(1);
  });

  it('prints no line that a player wrote, and nothing that drives the terminal', () => {
    const userId = '7\nFAIL  draw 1@0: forged\u001b[2J\u200f';
    const tampered = change(wholeRun(), 'LotteryWinnerEvent', { userId });
    const { stdout } = run(linesOf(tampered));
    expect(stdout).toContain('user 7\\u000aFAIL  draw 1@0: forged\\u001b[2J\\u200f won');
    expect(stdout).not.toMatch(/^FAIL {2}draw 1@0: forged/m);
    const endless = change(wholeRun(), 'LotteryWinnerEvent', { drawId: 'x'.repeat(1e5) });
    expect(
      Math.max(
        ...run(linesOf(endless))
          .stdout.split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThan(1_000);
  });

  it('takes standard input, gzip, and a byte order mark', () => {
    const input = gzipSync(`\ufeff${linesOf(wholeRun()).join('\n')}`);
    const cli = [join(project, 'cli/verify.ts'), '-'];
    const { status, stdout } = spawnSync(join(project, 'node_modules/.bin/node'), cli, { input });
    expect(String(stdout)).toContain('3 draws, 3 winners, 15 receipts, 1 seed revealed, 0 failures');
    expect(String(stdout)).not.toContain('not JSON');
    expect(status).toBe(0);
  });

  it('exits 2 when gzip is cut off: nothing is said of half a file', () => {
    const input = gzipSync(linesOf(wholeRun()).join('\n')).subarray(0, -9);
    const cli = [join(project, 'cli/verify.ts'), '-'];
    const { status, stdout, stderr } = spawnSync(join(project, 'node_modules/.bin/node'), cli, { input });
    expect(String(stderr)).toBe('Cannot read standard input: its gzip data is cut off\n');
    expect({ status, stdout: String(stdout) }).toEqual({ status: 2, stdout: '' });
  });

  it('exits 2 for wrong usage, no such file, and a file without events', () => {
    expect(run(undefined).status).toBe(2);
    expect(run([], 'more').status).toBe(2);
    const absent = run(undefined, join(folder, 'absent'));
    expect(absent.stderr).toMatch(/^Cannot read .*absent: there is no such file\n$/);
    const other = new URL('.', import.meta.url).pathname;
    expect(run(undefined, other).stderr).toContain('it is a directory, and has no events.jsonl in it');
    expect(run(undefined, '--unheard').stderr).toMatch(/^Unknown option '--unheard'.*\n$/);
    expect(absent.status).toBe(2);
    expect(run(['hello']).status).toBe(2);
  });

  describe('with sheets and a receipt', () => {
    const drawn = draw({ window: 0, batches: batchesOf(0), beacon: true });
    const lines = [started(true), ...drawn.receipts, drawn.close, drawn.winner].map((event) =>
      JSON.stringify(event),
    );
    const sheets = mkdtempSync(join(folder, 'sheets-'));
    const sheet = join(sheets, 'one.jsonl');
    const mine = join(folder, 'mine.txt');
    writeFileSync(sheet, drawn.sheet);

    it.each([[['--sheets', sheets]], [['--sheet', sheet]]])('checks them: %j', (parameters) => {
      const { status, stdout } = run(lines, ...parameters);
      expect(stdout).toContain('7 receipts, 1 sheet, ');
      expect(status).toBe(0);
    });

    it('says in one sentence what became of the receipt, and exits 1 where it contradicts', () => {
      writeFileSync(mine, `${JSON.stringify(drawn.receipts[1])}\n`);
      const good = run(lines, '--sheets', sheets, '--receipt', mine);
      expect(good.stdout).toMatch(/^Entry .* took part in draw .*, one of 7, with priority .* won .*\.\n$/);
      expect(good.status).toBe(0);
      writeFileSync(mine, JSON.stringify({ ...drawn.receipts[1], userId: 'mallory' }));
      const bad = run(lines, '--sheets', sheets, '--receipt', mine);
      expect(bad.stdout).toMatch(/^Entry .* which does not hold: .*\.\n$/);
      expect(bad.status).toBe(1);
    });

    it('exits 2 for a receipt that is none, two of them, and a directory without sheets', () => {
      writeFileSync(mine, '{}');
      expect(run(lines, '--receipt', mine)).toMatchObject({
        status: 2,
        stderr: '--receipt: it is no ClickAcceptedEvent\n',
      });
      writeFileSync(mine, lines.join('\n'));
      expect(run(lines, '--receipt', mine)).toMatchObject({ status: 2, stdout: '' });
      const empty = mkdtempSync(join(folder, 'empty-'));
      expect(run(lines, '--sheets', empty).stderr).toBe(`--sheets ${empty} has no sheet (*.jsonl) in it\n`);
    });
  });
});
