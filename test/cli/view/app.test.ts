import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { type AppProps, app } from '../../../cli/view/app.ts';
import { initialUi, type Mode } from '../../../cli/view/keys.ts';
import { ViewModel } from '../../../cli/view/model.ts';
import { accepted, closed, rejected, started, winner } from './support.ts';

const functions = ['lottery-events', 'user-events', 'draw', 'ticks'].map((name) => ({
  ...{
    functionName: `dev-${name}`,
    state: 'Enabled' as const,
    behindMs: 1_250,
    unfinished: 3,
    isThrottled: false,
  },
}));

const size = { columns: 80, rows: 24 };

function shown({ model = new ViewModel(), ...props }: Partial<AppProps> & { model?: ViewModel } = {}) {
  const state = model.state(5_000, functions, { callFailed: 2 });
  const text = renderToString(
    app({ environment: 'dev', since: 0, state, ui: initialUi, guide: [], ...size, ...props }),
    { columns: props.columns ?? size.columns },
  );
  return text.split('\n');
}

/** A lottery with all that can be seen of one. */
function busy(model = new ViewModel()): ViewModel {
  const events = [started({ prizes: ['car', 'bike'] }), accepted('s:1'), accepted('s:2'), closed(-10_000)];
  for (const event of [...events, winner(-20_000, { prize: 'pen' })]) model.observe('lottery', event);
  model.observe('user', rejected('s:3'));
  model.note('draw failed on 3 records: why', 4_000);
  return model;
}

const mode = (of: Mode) => ({ ui: { ...initialUi, mode: of } });

describe('the view', () => {
  it('is as large as the terminal, and says all of it', () => {
    const lines = shown({ model: busy() });
    expect(lines.map((line) => line.trimEnd())).toEqual([
      'Lottery Streams: dev                                  running 5 s   00:00:05 UTC',
      '',
      '  LOTTERY                   RUN STATE     ENDS IN   ENTRIES DRAWING PRIZES   WON',
      '> 1                           1 open          5 s         2       1      2     1',
      '',
      'WON      LOTTERY USER     PRIZE      OF   FUNCTION             LAG UNDONE FAILED',
      '23:59:50 1       7        pen         3   lottery-events     1.3 s      3      0',
      '                                          user-events        1.3 s      3      0',
      '                                          draw               1.3 s      3      0',
      '                                          ticks              1.3 s      3      0',
      ...Array(9).fill(''),
      'REJECTED  1 NO_COUPON',
      'FAULTS    2: 2 callFailed',
      '00:00:04 draw failed on 3 records: why',
      '',
      's start  x stop  b buy  c click  p pause  e endpoints  ? help  q quit',
    ]);
  });

  it('shows no line that is too long, and no row too many, whatever is in it', () => {
    const model = busy();
    const long = '\u{1f3b2}'.repeat(64);
    for (let index = 0; index < 30; index += 1) {
      const lotteryId = `${index}${'x'.repeat(120)}${index}`;
      model.observe('lottery', started({ lotteryId }));
      const names = { lotteryId, userId: long, prize: 'y'.repeat(1_000), drawId: `d${index}` };
      model.observe('lottery', winner(index, names));
      model.observe('user', rejected(`s:${index}`, `REASON_${index}`));
    }
    model.note('z'.repeat(500), 0);
    for (const [columns, rows] of [
      [80, 24],
      [72, 18],
      [120, 40],
      [300, 100],
    ] as const) {
      const lines = shown({ model, columns, rows });
      expect(lines).toHaveLength(rows);
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
      expect(lines.at(-1)).toMatch(/^s start/);
      // Every function, and the ends of an id that is too long.
      expect(lines.join('\n')).toContain('ticks');
      expect(lines.join('\n')).toMatch(/ 0x+…x+0 /);
    }
  });

  it('keeps the chosen lottery in sight', () => {
    const model = new ViewModel();
    for (let lotteryId = 1; lotteryId <= 30; lotteryId += 1) model.observe('lottery', started({ lotteryId }));
    const lines = shown({ model, ui: { ...initialUi, selected: '25' } });
    expect(lines.filter((line) => line.startsWith('>'))).toEqual([expect.stringMatching(/^> 25 /)]);
    expect(lines[2]).toMatch(/^ {2}LOTTERY \(2\d-2\d of 30\)/);
  });

  it('says so where there is nothing yet, or no room', () => {
    expect(shown()).toContainEqual(expect.stringMatching(/^None yet: s starts one/));
    expect(shown({ columns: 71 })[0]).toMatch(/^Too small: 72x18 at least, this is 71x24/);
    expect(shown({ rows: 17 })[0]).toMatch(/^Too small/);
  });

  it('asks for what a key needs', () => {
    const asked = shown(mode({ kind: 'ask', what: 'start', text: `${'x'.repeat(100)} car` }));
    expect(asked.at(-2)).toMatch(/^….*x car_$/);
    expect(asked.at(-1)).toMatch(/^Enter does it/);
    expect(shown(mode({ kind: 'stop', lotteryId: '\u001b[2J' })).at(-2)).toMatch(
      /^Stop lottery \\u001b\[2J\? y/,
    );
    const pause = shown(mode({ kind: 'pause' }));
    expect(pause.at(-2)).toMatch(/^Pause which function/);
    expect(pause).toContainEqual(expect.stringMatching(/ 4 ticks /));
  });

  it('has the address of the page, and cuts off no line of the help', () => {
    const address = 'http://127.0.0.1:4571/';
    expect(shown({ page: address })[1]).toMatch(/^The page: http:\/\/127\.0\.0\.1:4571\/ *$/);
    const help = shown({ columns: 72, ...mode({ kind: 'help' }) });
    expect(help).toHaveLength(size.rows);
    expect(help.join('\n')).not.toContain('…');
    expect(help).toContainEqual(expect.stringMatching(/^FAILED/));
  });

  it('shows all of a long line of the guide', () => {
    const put = `aws ${'x'.repeat(100)} end`;
    expect(shown({ guide: [put, 'next'], ...mode({ kind: 'guide', top: 0 }) }).slice(3, 6)).toEqual([
      put.slice(0, 80),
      put.slice(80),
      'next',
    ]);
  });

  it('has a page of help, and one of endpoints that can be read on', () => {
    expect(shown(mode({ kind: 'help' }))).toContainEqual(
      expect.stringMatching(/^x {2}stop the chosen lottery/),
    );
    const guide = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const read = shown({ guide, ...mode({ kind: 'guide', top: 10 }) });
    expect(read).toContainEqual(expect.stringMatching(/^line 10 *$/));
    expect(read).not.toContainEqual(expect.stringMatching(/^line 9 *$/));
  });
});
