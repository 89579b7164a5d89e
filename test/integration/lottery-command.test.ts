import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLottery } from '../../cli/program.ts';
import { announce } from '../../cli/start/announce.ts';
import { ownBeacon } from '../../client/own-beacon.ts';
import { writeAggregate } from '../../lambda/core/kpl.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import { drawnAtOnce, sharedAssembly } from '../support/shared-assembly.ts';

/** The subcommands on one environment, in the order of a day: each test goes on where the one before it was. */

const root = fileURLToPath(new URL('../../', import.meta.url));

let directory: string;
let runtime: Runtime;
let withdraw: () => void;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lottery-command-'));
  runtime = await startRuntime({ ...ownBeacon, assembly: await sharedAssembly(drawnAtOnce) });
  withdraw = announce('dev', runtime, { note: (line) => expect.fail(line) }, directory);
});

afterAll(async () => {
  withdraw?.();
  await runtime?.stop();
  await rm(directory, { recursive: true, force: true });
});

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** As long as a busy machine takes: what waits comes back at once. */
const patience = ['--timeout', '300'];

async function lottery(argv: readonly string[], signal = new AbortController().signal): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const code = await runLottery(argv, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    ...{ signal, directory },
  });
  return { code, ...written };
}

/** What it prints as JSON, when it does what is asked. */
async function json(...argv: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await lottery([...argv, '--json']);
  expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('lottery, on an environment of this machine', () => {
  it('says that no lottery was started, and that this one is none', async () => {
    expect(await lottery(['ls'])).toMatchObject({
      code: 0,
      stdout: 'No lottery was ever started: lottery start ID\n',
    });
    const none = { code: 1, stdout: '', stderr: 'No lottery promo was ever started in dev\n' };
    expect(await lottery(['status', 'promo'])).toEqual(none);
    expect(await lottery(['resume', '--lottery', 'promo'])).toEqual(none);
    expect(await lottery(['user', '7'])).toMatchObject({
      code: 1,
      stderr: 'Nothing of user 7 was ever processed in dev\n',
    });
  });

  it('starts a lottery once, and waits until it is open', async () => {
    const { code, stdout } = await lottery(['start', 'promo', ...patience]);
    expect(stdout).toBe('Lottery promo is open: run 1, a draw every 2 s, until it is stopped\n');
    expect(code).toBe(0);
    const again = await lottery(['start', 'promo', ...patience]);
    expect(again.stderr).toMatch(/^rejected: .* \(LOTTERY_ALREADY_STARTED\)\n$/);
    expect(again.code).toBe(1);
  });

  it('clicks, and buys the coupon that is missing only where it may', async () => {
    const forbidden = await lottery(['click', '7', 'promo', '--no-buy', ...patience]);
    expect(forbidden.stderr).toMatch(/\(NO_COUPON\)\n$/);
    expect(forbidden.code).toBe(1);
    const { code, stdout, stderr } = await lottery(['click', '7', 'promo', ...patience]);
    expect(stderr).toBe('User 7 had no coupon: bought one\n');
    expect(stdout).toMatch(/^user 7 clicked in lottery promo \(draw promo@\d+\), 0 coupons left\n$/);
    expect(code).toBe(0);
    expect(await json('buy', 'an\u001b[2J', '3', ...patience)).toMatchObject({
      userId: 'an\u001b[2J',
      availableCoupons: 3,
    });
  });

  it('puts records as they are, and says what became of each event in them', async () => {
    const buy = (userId: number) => ({ type: 'UserBuyCouponEvent', userId, purchasedCoupons: 1 });
    const inner = (userId: number, event: object) => ({
      partitionKey: String(userId),
      data: Buffer.from(JSON.stringify(event)),
    });
    const events = [
      inner(21, buy(21)),
      inner(22, { type: 'Heartbeat' }),
      inner(22, buy(23)),
      inner(21, buy(21)),
    ];
    const whole = writeAggregate(events).toString('base64');
    const file = join(directory, 'records');
    await writeFile(file, `${whole}\n\n${whole.slice(0, 80)}\n`);
    const { code, stdout, stderr } = await lottery(['put', '--base64', '--json', file, ...patience]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '4 events were put\n' });
    const came: { recordId: string; availableCoupons?: number; reason?: string }[] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const ofKind = (pattern: RegExp) =>
      came
        .filter(({ recordId }) => pattern.test(recordId))
        .map(({ recordId, availableCoupons, reason }) => [recordId.at(-1), availableCoupons ?? reason])
        .sort();
    expect(ofKind(/:\d+:\d$/)).toEqual([
      ['0', 1],
      ['2', 'PARTITION_KEY_MISMATCH'],
      ['3', 2],
    ]);
    expect(came.find(({ reason }) => reason === 'INVALID_AGGREGATE')?.recordId).toMatch(/^[\w-]+:\d+$/);
    expect(came).toHaveLength(4);
    await writeFile(file, `${JSON.stringify(buy(21))}\n`);
    const { stdout: line } = await lottery(['put', file, ...patience]);
    expect(line).toBe('user 21 bought 1 coupon, has 3\n');
  });

  it('says how the lottery and the functions stand', async () => {
    // On a busy machine the shards may be behind for a while.
    const stands = expect.poll(() => json('status', 'promo'));
    await stands.toMatchObject({
      ...{ environment: 'dev', lotteryId: 'promo', run: 1, state: 'open', isBehind: false },
      mappings: [
        { functionName: 'lottery-events', source: 'dev-lottery-events-input', state: 'Enabled' },
        { functionName: 'user-events', source: 'dev-user-events-input', state: 'Enabled' },
        { functionName: 'draw', source: 'dev-entries', state: 'Enabled' },
        { functionName: 'ticks', source: 'dev-ticks', state: 'Enabled' },
        { functionName: 'archive', source: 'dev-lottery-events-output', state: 'Enabled' },
        { functionName: 'archive', source: 'dev-user-events-output', state: 'Enabled' },
      ],
    });
    const { stdout } = await lottery(['status']);
    expect(stdout).toMatch(/^LOTTERY +RUN +STATE/);
    expect(stdout).toMatch(/^user\/shardId-0+ +\d\d:\d\d:\d\d, .* ago +nothing waits$/m);
    expect(await json('ls')).toMatchObject({
      lotteries: [{ lotteryId: 'promo', state: 'open' }],
      isCut: false,
    });
  });

  it('counts the entries of draws that wait, and says what for', async () => {
    await expect
      .poll(() => json('status', 'promo'))
      .toMatchObject({ lastWinners: [{ userId: 7, entries: 1 }] });
    await json('pause', 'draw', ...patience);
    try {
      expect(await json('click', 'an\u001b[2J', 'promo', ...patience)).toMatchObject({ availableCoupons: 2 });
      expect(await json('status', 'promo')).toMatchObject({ openDraws: [{ entries: 1, isWhole: true }] });
      await expect
        .poll(async () => (await lottery(['status', 'promo'])).stdout)
        .toMatch(/^promo@\d+ .* 1 +draw, Throttled$/m);
    } finally {
      const resumed = await json('resume', ...patience);
      expect(resumed).toMatchObject({ mappings: Array(6).fill({ state: 'Enabled' }) });
    }
  });

  it('stops the lottery, and says what came of it', async () => {
    expect(await json('stop', 'promo', ...patience)).toMatchObject({
      ...{ lotteryId: 'promo', run: 1, draws: 2, isCut: false, prizesLeft: [], prizesWithoutWinner: [] },
    });
    const again = await lottery(['stop', 'promo', ...patience]);
    expect(again.stderr).toMatch(/\(LOTTERY_INACTIVE\)\n$/);
    expect(again.code).toBe(1);
  });

  it('tells winners, and a user what became of theirs, with nothing that drives a terminal', async () => {
    const { stdout } = await lottery(['winners', 'promo']);
    expect(
      stdout
        .split('\n')
        .slice(1, 3)
        .map((line) => line.split(/ +/)[2]),
    ).toEqual(['7', 'an\\u001b[2J']);
    expect(await lottery(['winners', '--since', '+0s'])).toMatchObject({
      stdout: 'No winner was announced\n',
    });
    expect(await json('user', '7', '--history')).toMatchObject({
      ...{ userId: 7, availableCoupons: 0, isWhole: true, retentionHours: 24 },
      history: [
        { event: { type: 'EventRejectedEvent', reason: 'NO_COUPON' } },
        { event: { type: 'EventRejectedEvent', reason: 'NO_COUPON' } },
        { event: { type: 'CouponsBoughtEvent' } },
        { event: { type: 'ClickAcceptedEvent' } },
      ],
      wins: [{ winner: { userId: '7' }, entries: 1 }],
    });
  });

  it('pauses a lottery and resumes it with the prizes that are left', async () => {
    const prizes = Array.from({ length: 200 }, (_, index) => `prize ${index}`);
    await json('start', 'gala', ...prizes.flatMap((prize) => ['--prize', prize]), ...patience);
    const paused = JSON.parse((await lottery(['pause', '--lottery', 'gala', '--json', ...patience])).stdout);
    expect(paused).toMatchObject({ lotteryId: 'gala', run: 1, draws: 0 });
    expect([...paused.prizesWithoutWinner, ...paused.prizesLeft]).toEqual(prizes);
    expect(paused.prizesWithoutWinner).not.toEqual([]);
    const click = await lottery(['click', '7', 'gala', ...patience]);
    expect(click.stderr).toMatch(/\(LOTTERY_INACTIVE\)\n$/);
    const resumed = await json('resume', '--lottery', 'gala', ...patience);
    expect(resumed).toMatchObject({ run: 2, prizes: paused.prizesLeft });
    const again = await lottery(['resume', '--lottery', 'gala', ...patience]);
    expect(again).toMatchObject({ code: 1, stderr: 'Lottery gala has not ended: run 2 is active\n' });
  });

  it('follows what comes from now on, and nothing else, until it is interrupted', async () => {
    const ending = new AbortController();
    const lines: string[] = [];
    const tailing = runLottery(['tail', '--lottery', 'gala', '--rejected', '--json'], {
      stdout: { write: (text) => lines.push(text) },
      stderr: { write: (text) => expect.fail(text) },
      ...{ signal: ending.signal, directory },
    });
    // Whenever it has begun: the next start is rejected, and comes.
    await expect
      .poll(async () => {
        await lottery(['start', 'gala', ...patience]);
        await lottery(['start', 'promo', '--at', '-1h', ...patience]);
        return lines.length;
      })
      .toBeGreaterThan(0);
    ending.abort();
    expect(await tailing).toBe(130);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        reason: 'LOTTERY_ALREADY_STARTED',
        event: { lotteryId: 'gala' },
      });
      expect(line.endsWith('}\n')).toBe(true);
    }
  });

  it('puts without waiting where it is told to', async () => {
    expect(await json('buy', '8', '1', '--no-wait')).toEqual({
      recordId: expect.stringMatching(/^shardId-\d+:\d+$/),
    });
    await expect.poll(async () => (await lottery(['user', '8', '--json'])).code).toBe(0);
  });
});

describe('npx lottery', () => {
  it.each([
    [['ls', '--limit', '0'], 2, /^error: option '--limit <number>'/, /^$/],
    [['cost', '--help'], 0, /^$/, /^Usage: npm run cost/],
    [['verify', 'docs'], 2, /^Cannot read docs: it is a directory, and has no events\.jsonl in it\n$/, /^$/],
  ])('%j: passes on the exit code and what is printed', (argv, code, stderr, stdout) => {
    const file = join(root, 'cli/lottery.mjs');
    const ran = spawnSync(process.execPath, [file, ...argv], { cwd: root, encoding: 'utf8' });
    expect(ran.stderr).toMatch(stderr);
    expect(ran.stdout).toMatch(stdout);
    expect(ran.status).toBe(code);
  });
});
