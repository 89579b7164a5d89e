import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLottery } from '../../cli/program.ts';
import { rightsOfPolicy } from '../lib/rights.ts';
import { drawnAtOnce, sharedAssembly } from '../support/shared-assembly.ts';
import { archiveTests } from './lottery/archive-tests.ts';
import { doctorTests } from './lottery/doctor-tests.ts';
import { LotteryEnvironment, patience } from './lottery/environment.ts';
import { goneTests } from './lottery/gone-tests.ts';
import { loadTests } from './lottery/load-tests.ts';
import { putTests } from './lottery/put-tests.ts';
import { during, noteCalls, rightsTaken } from './support/recorded-calls.ts';

/** The subcommands on one environment, in the order of a day: each test goes on where the one before it was. */

const root = fileURLToPath(new URL('../../', import.meta.url));

let environment: LotteryEnvironment;
let stopNoting: (() => void) | undefined;

beforeAll(async () => {
  stopNoting = noteCalls();
  environment = await LotteryEnvironment.start();
});

afterAll(async () => {
  stopNoting?.();
  await environment?.stop();
});

const the = () => environment;
const lottery = (argv: readonly string[]) => environment.lottery(argv);
const json = (...argv: string[]): Promise<unknown> => environment.json(...argv);

putTests(the);

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
    const tailing = during.run('tail', () =>
      runLottery(['tail', '--lottery', 'gala', '--rejected', '--json'], {
        stdout: { write: (text) => lines.push(text) },
        stderr: { write: (text) => expect.fail(text) },
        ...{ signal: ending.signal, directory: environment.directory },
      }),
    );
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
    const { stdout } = await lottery(['buy', '\u009b2J', '1', '--json', ...patience]);
    expect(stdout).toContain('"userId": "\\u009b2J"');
    expect(await json('buy', '8', '1', '--no-wait')).toEqual({
      recordId: expect.stringMatching(/^shardId-\d+:\d+$/),
    });
    await expect.poll(async () => (await lottery(['user', '8', '--json'])).code).toBe(0);
  });
});

describe('what came out', () => {
  it('is complete when no lottery runs', async () => {
    // Whatever became of promo's starts an hour ago.
    for (const id of ['gala', 'promo']) await lottery(['stop', id, ...patience]);
    expect(await json('ls')).toMatchObject({ lotteries: Array(2).fill({ state: 'ended' }) });
  });
  archiveTests(the);
});

loadTests(the);
doctorTests(the);

describe('the rights that it takes', () => {
  it('are those of the policies in the row of the docs, and no others', async () => {
    const load = ['load', '--rate', '1', '--users', '1', '--seconds', '1', ...patience];
    const [{ code }] = await Promise.all([
      lottery(['grant', '7', '1', '--reason', 'a wait', ...patience]),
      ...[['doctor'], ['export', '--wait', join(environment.directory, 'out')], load].map((argv) =>
        lottery(argv),
      ),
    ]);
    expect(code).toBe(0);
    const allowed = await allowedTo();
    const refused = [...rightsTaken].map(([command, taken]) => [
      command,
      [...taken].filter(
        (right) => !allowed.get(command)?.some((one) => `${one} on `.startsWith(`${right} on `)),
      ),
    ]);
    expect(Object.fromEntries(refused)).toEqual(
      Object.fromEntries([...allowed.keys()].map((command) => [command, []])),
    );
  });
});

goneTests(the);

/** What the policies allow, by the subcommands that docs/operating.md has for them. */
async function allowedTo(): Promise<Map<string, string[]>> {
  const { stacks } = await sharedAssembly(drawnAtOnce);
  const stack = stacks.find(({ name }) => name === 'dev-lottery-processing');
  const template = Template.fromJSON({ ...stack?.template });
  const viewer = rightsOfPolicy(template, 'Viewer');
  const both = [...viewer, ...rightsOfPolicy(template, 'Operator')];
  const rows = readFileSync(join(root, 'docs/operating.md'), 'utf8').matchAll(
    /^\| (`.*`) \| viewer( and operator)? \|/gm,
  );
  return new Map(
    [...rows].flatMap(([, commands = '', more]) =>
      [...commands.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, more ? both : viewer] as const),
    ),
  );
}

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
