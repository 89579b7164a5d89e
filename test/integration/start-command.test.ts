import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClients } from '../../local/clients.ts';
import { sharedAssemblyDirectory } from '../support/shared-assembly.ts';
import { type Command, freePorts, startCommand } from './support/command.ts';
import { shortWindows } from './support/pipeline.ts';

let temporary: string;
let commands: Command[];

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'start-command-'));
  commands = [];
});

afterEach(async () => {
  for (const command of commands) command.process.kill('SIGKILL');
  await rm(temporary, { recursive: true });
});

function start(...options: string[]): Command {
  return startWith(undefined, ...options);
}

function startWith(input: Buffer | 'open' | undefined, ...options: string[]): Command {
  const command = startCommand(options, temporary, input);
  commands.push(command);
  return command;
}

describe('npm start', () => {
  it('--events --json: prints the output records of the file and nothing else, and exits', async () => {
    const port = await freePorts();
    const command = start('--events', 'test/data/article.jsonl', '--json', '--port', String(port));
    expect(await command.ended, command.stderr).toBe(0);
    const events: { type: string }[] = command.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const ofType = (type: string) => events.filter((event) => event.type === type);
    expect(
      ofType('LotteryWinnerEvent').toSorted((a, b) => windowStartOf(a) - windowStartOf(b)),
    ).toMatchObject([{ windowStart: 0 }, { windowStart: 10_000, userId: 3 }]);
    expect(ofType('CouponsBoughtEvent')).toHaveLength(3);
    expect(ofType('ClickAcceptedEvent')).toMatchObject(Array(3).fill({ availableCoupons: 99 }));
    expect(ofType('LotteryStartedEvent')).toHaveLength(1);
    expect(ofType('DrawClosedEvent')).toHaveLength(2);
    expect(events).toHaveLength(11);
    expect(command.stderr).toContain(`AWS_ENDPOINT_URL_KINESIS=http://127.0.0.1:${port}`);
    expect(await leftBehind()).toEqual([]);
  });

  it('--events -: takes gzip from standard input, names the lines that are no events, and loses nothing else', async () => {
    const assembly = await sharedAssemblyDirectory(shortWindows);
    const port = String(await freePorts());
    const lines = [
      '\ufeff{"type":"LotteryStartEvent","lotteryId":1,"timestamp":0,"prizes":["bike"]}\r',
      '',
      'not json',
      '{"type":"UserBuyCouponEvent","userId":1,"purchasedCoupons":2}',
      'x'.repeat(1_048_577),
      '{"type":"Unheard\\u001b[2J"}',
      '{"type":"UserClickEvent","userId":1,"lotteryId":2,"timestamp":0}',
      '{"type":"UserClickEvent","userId":1,"lotteryId":1,"timestamp":0}',
    ];
    const input = gzipSync(lines.join('\n'));
    const command = startWith(input, '--events', '-', '--json', '--port', port, '--assembly', assembly);
    expect(await command.ended, command.stderr).toBe(1);
    expect(command.stderr).toContain('\nLine 3 is no event: ');
    expect(command.stderr).toContain('\nLine 5 has 1,048,577 bytes, a record holds 1,048,576: left out\n');
    expect(command.stderr).toMatch(/\nLine 6 is no event: .*Unheard\\u001b\[2J/);
    expect(command.stderr).toContain(
      [
        '6 lines: 3 applied, 3 rejected (1 INVALID_JSON, 1 UNKNOWN_TYPE, 1 LOTTERY_INACTIVE)',
        '1 window, 1 draw among 1 entry, won by 1 user; 0 refunds',
        '3 lines held no event',
        'Next: npm run verify -- FILE checks the draws offline, FILE being what --json prints on stdout\n',
      ].join('\n'),
    );
    const verified = spawnSync(process.execPath, ['cli/verify.ts', '-'], { input: command.stdout });
    expect(String(verified.stdout)).toMatch(
      /^ok {4}draw 1@0: winner 1, prize "bike", 1 entry in the file \(1 counted\), seed revealed\n/,
    );
    expect(verified.status).toBe(0);
    expect(await leftBehind()).toEqual([]);
  });

  it('--events: says what was done until then when it fails', async () => {
    const assembly = await sharedAssemblyDirectory(shortWindows);
    const port = await freePorts();
    const options = ['--events', '-', '--json', '--port', String(port), '--assembly', assembly];
    const failing = startWith('open', ...options);
    failing.process.stdin?.write('{"type":"UserBuyCouponEvent","userId":1,"purchasedCoupons":2}\n');
    await expect.poll(() => failing.stdout).toContain('CouponsBoughtEvent');
    await deleteStream(port, 'dev-user-events-output');
    expect(await failing.ended, failing.stderr).toBe(1);
    // Whether the line already counts as processed is not said.
    expect(failing.stderr).toMatch(
      /\nNot finished, so far:\n1 line: [^\n]+\n0 windows, 0 draws among 0 entries, won by 0 users; 0 refunds\n[^\n]*dev-user-events-output[^\n]*\n$/,
    );
  });

  it('--events --data: a replay that was interrupted says what was done, and goes on, and what lies behind one that ended is refused', async () => {
    const assembly = await sharedAssemblyDirectory(shortWindows);
    const data = await mkdtemp(join(tmpdir(), 'start-data-'));
    const lines = [
      '{"type":"LotteryStartEvent","lotteryId":1,"timestamp":0,"eventId":"s"}',
      '{"type":"UserBuyCouponEvent","userId":1,"purchasedCoupons":9,"eventId":"b"}',
      '{"type":"UserClickEvent","userId":1,"lotteryId":1,"timestamp":0,"eventId":1}',
      // Its shard's time is behind the first one's window, and grace.
      '{"type":"UserClickEvent","userId":1,"lotteryId":1,"timestamp":20000,"eventId":2}',
      '{"type":"UserClickEvent","userId":1,"lotteryId":1,"timestamp":22000,"eventId":3}',
    ].map((line) => `${line}\n`);
    const replayInto = async (input: Buffer | 'open') => {
      const port = ['--port', String(await freePorts())];
      return startWith(input, '--events', '-', '--json', '--data', data, ...port, '--assembly', assembly);
    };
    try {
      const interrupted = await replayInto('open');
      interrupted.process.stdin?.write(lines.slice(0, 4).join(''));
      await expect.poll(() => interrupted.stdout).toContain('"timestamp":20000');
      interrupted.process.kill('SIGINT');
      expect(await interrupted.ended, interrupted.stderr).toBe(130);
      // The first window may be drawn by then.
      expect(interrupted.stderr).toMatch(
        /\nNot finished, so far:\n4 lines: [^\n]+\n(?:0 windows, 0 draws|1 window, 1 draw) among [01] entr(?:y|ies), won by [01] users?; 0 refunds\n$/,
      );
      const whole = Buffer.from(lines.join(''));
      const resumed = await replayInto(whole);
      expect(await resumed.ended, resumed.stderr).toBe(0);
      expect(resumed.stderr).toContain(
        'applied, 4 rejected (3 DUPLICATE_EVENT, 1 LOTTERY_ALREADY_STARTED)\n3 windows, 3 draws among 3 entries',
      );
      const again = await replayInto(whole);
      expect(await again.ended, again.stderr).toBe(1);
      expect(again.stderr).toContain(
        `\n--data ${data}: a replay was there before, and its time is 1970-01-01T00:00:27.001Z; ` +
          'line 3 is a click of 1970-01-01T00:00:00.000Z, and would count for then. ',
      );
      expect(again.stdout.split('\n').sort()).toEqual(resumed.stdout.split('\n').sort());
    } finally {
      await rm(data, { recursive: true });
    }
  });

  it('plays until Ctrl-C, keeps its ports to itself, and leaves nothing behind', async () => {
    const assembly = await sharedAssemblyDirectory(shortWindows);
    const port = String(await freePorts());
    const live = start('--port', port, '--assembly', assembly);
    await expect.poll(() => live.stdout).toMatch(/user \d clicked in lottery 1/);
    expect(live.stdout).toContain(`AWS_ENDPOINT_URL_KINESIS=http://127.0.0.1:${port}`);
    const second = start('--port', port, '--assembly', assembly);
    expect(await second.ended).toBe(1);
    expect(second.stderr).toContain(
      `Port ${port} (for kinesalite) is taken. Stop what listens there, or choose other ports with --port.\n`,
    );
    // As the terminal and npm send it: twice.
    live.process.kill('SIGINT');
    live.process.kill('SIGINT');
    expect(await live.ended, live.stderr).toBe(0);
    expect(await leftBehind()).toEqual([]);
  });

  it('says in one line what is wrong with the file, before anything is started', async () => {
    const command = start('--events', 'no/such/file.jsonl');
    expect(await command.ended).toBe(1);
    expect(command.stderr).toBe('Cannot read no/such/file.jsonl: there is no such file\n');
    expect(command.stdout).toBe('');
  });
});

async function deleteStream(port: number, StreamName: string): Promise<void> {
  const endpoint = `http://127.0.0.1:${port}`;
  const clients = createClients(
    { kinesis: endpoint, dynamodb: endpoint, sqs: endpoint, s3: endpoint },
    'us-east-1',
  );
  await clients.kinesis.send(new DeleteStreamCommand({ StreamName }));
  clients.destroy();
}

/** Node's own cache of compiled code, where whoever runs the tests has switched it on, is not ours. */
async function leftBehind(): Promise<string[]> {
  const names = await readdir(temporary);
  return names.filter((name) => name !== 'node-compile-cache');
}

function windowStartOf(event: object): number {
  return 'windowStart' in event ? Number(event.windowStart) : Number.NaN;
}
