import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { costCommand } from '../../../cli/cost/command.ts';

const script = fileURLToPath(new URL('../../../cli/cost.ts', import.meta.url));

/** The numbers of a row, without their commas. */
function amounts(text: string, name: string): number[] {
  const [, cells = ''] = new RegExp(`^ *${name} +([\\d,. ]+)$`, 'm').exec(text) ?? [];
  return cells.split(/ +/).map((cell) => Number(cell.replaceAll(',', '')));
}

describe('npm run cost', () => {
  it('prints a bill by hour, month and million clicks beside that of a Flink application', () => {
    const text = costCommand(['--env', 'prod', '--clicks-per-second', '1000']);
    expect(text).toMatch(/^prod, 1,000 clicks\/s, US dollars\n/);
    const [hour = 0, month = 0, millionClicks = 0] = amounts(text, 'Lottery Streams');
    expect(hour).toBeCloseTo(month / 730, 1);
    expect(millionClicks).toBeCloseTo(month / 2_628, 2);
    expect(amounts(text, 'A managed Flink application')).toHaveLength(3);
    expect(amounts(text, 'DynamoDB')[1]).toBeGreaterThan(1_800);
  });

  it('of an idle environment there is no price of a click, nothing to set, no limit', () => {
    const text = costCommand(['--env', 'dev']);
    expect(amounts(text, 'Lottery Streams')).toHaveLength(2);
    expect(text).not.toMatch(/limit|To set/);
  });

  it('says what a table needs that is provisioned with less', () => {
    const withSpan = (span: string) =>
      costCommand(['--env', 'prod', '--clicks-per-second', '10000', '-c', `prod:tableCapacity=${span}`]);
    expect(withSpan('100-14285')).toMatch(
      /^ {2}-c prod:tableCapacity=7143-20000\s.*14,286 write units a second$/m,
    );
    expect(withSpan('100-14286')).toContain('To set beyond what prod has: nothing');
  });

  it('knows On-demand Advantage, which is a mode of the account', () => {
    const text = costCommand(['--env', 'prod', '--clicks-per-second', '1000', '--advantage']);
    expect(amounts(text, 'Kinesis')[1]).toBeGreaterThan(3_000);
  });

  it('fits a terminal of 80 columns, whatever is asked', () => {
    const kafka = ['connector=kafka', 'kafkaBootstrapServers=broker.example:9092', 'kafkaPollers=1-10'];
    const of = (clicks: string, ...others: string[]) =>
      costCommand(['--env', 'staging', '--clicks-per-second', clicks, ...others]);
    for (const text of [
      of('10'),
      of('1000000', '--lotteries', '100000', '-c', 'staging:tableCapacity=5-50'),
      of('1000000', ...kafka.flatMap((setting) => ['-c', `staging:${setting}`])),
    ]) {
      expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it('marks what is met soon, which assumptions that are a little off would exceed', () => {
    const textAt = (clicks: string) => costCommand(['--env', 'prod', '--clicks-per-second', clicks]);
    expect(textAt('40000')).toMatch(/^~ Lambda {6}draw: ms\/s on the busiest shard +980 +1,000 /m);
    expect(textAt('40000')).toContain('\n\nClose (~): more than four fifths of what is there.\n\n');
    expect(textAt('1000')).not.toContain('~');
  });

  it('says the same as JSON', () => {
    const given = ['--clicks-per-second', '50000', '--lotteries', '20'];
    const json = JSON.parse(costCommand([...given, '--json']));
    expect(json).toMatchObject({ environment: 'dev', load: { clicksPerSecond: 50_000, lotteries: 20 } });
    expect(json.lottery.month).toBeCloseTo(730 * json.lottery.hour, 6);
    expect(json.cheapest.month).toBeLessThan(json.lottery.month);
    expect(json.set).toContainEqual({ setting: 'shards', value: 63, why: expect.any(String) });
    expect(json.limits).toContainEqual({
      ...{ service: 'DynamoDB', what: 'users, write units/s', needed: 50_000, there: 40_000 },
      ...{ metAtClicksPerSecond: 40_000, isExceeded: true, isClose: false },
      ...{ liftedBy: 'quota', remedy: expect.any(String) },
    });
    const text = costCommand(given);
    for (const { what } of json.limits) expect(text).toContain(what);
  });

  it.each([
    [['--env', 'test'], "--env: there is no environment 'test', only dev, staging, prod"],
    [['-c', 'dev:shards=0'], /^-c dev:shards must be [^\n]*$/],
    [['-c', 'prod:shards=2'], '-c prod:shards is a setting of another environment: this is dev'],
    [
      ['--clicks-per-user-and-batch', '1001'],
      /^--clicks-per-user-and-batch: a batch has at most 1000 clicks/,
    ],
    [
      ['--env', 'prod', '--clicks-per-second', '10', '--clicks-per-user-and-batch', '3'],
      '--clicks-per-user-and-batch: at 10 clicks/s a batch has 2.5 clicks, on average',
    ],
  ])('says in a line what is wrong with %j', (parameters, line) => {
    expect(() => costCommand(parameters)).toThrow(line);
  });

  describe('a number that is none', () => {
    afterEach(() => {
      vi.restoreAllMocks();
    });

    it.each([
      ...['0', '-1', '1.5', 'NaN', '1e9', '1000001', 'Infinity', '', ' 5', '0x10', '1_000'].map(
        (text) => ['--clicks-per-second', text] as const,
      ),
      ...['0', '1.5', '100001', 'many'].map((text) => ['--lotteries', text] as const),
      ...['0.5', '-1', '1e2', '', 'NaN'].map((text) => ['--clicks-per-user-and-batch', text] as const),
      ...['0', '2.5', '8000'].map((text) => ['--clicks-per-record', text] as const),
      ...['-1', '1e9'].map((text) => ['--users', text] as const),
    ])('%s %j', (option, text) => {
      const errors: string[] = [];
      vi.spyOn(process.stderr, 'write').mockImplementation((line) => errors.push(String(line)) > 0);
      vi.spyOn(process, 'exit').mockImplementation((code) => {
        throw new Error(`exit ${code}`);
      });
      expect(() => costCommand([option, text])).toThrow('exit 1');
      expect(errors.join('')).toMatch(
        new RegExp(`^error: option '${option} <number>' argument '.*' is invalid\\. [^\\n]+\\.\\n$`),
      );
    });
  });

  it('ends with one line when a setting is wrong', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, '-c', 'dev:shards=0'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^-c dev:shards must be [^\n]*\n$/)]);
  });
});
