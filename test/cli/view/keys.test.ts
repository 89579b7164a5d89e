import { describe, expect, it } from 'vitest';
import {
  type Action,
  initialUi,
  type Known,
  type Pressed,
  press,
  pressesOf,
  type Ui,
} from '../../../cli/view/keys.ts';

const known: Known = { lotteries: ['1', 'promo'], functions: ['draw', 'ticks'], guideTop: 2, now: 7_000 };

/** A key of its own, or what is typed letter by letter. */
type Typed = string | Partial<Pressed>;

function typed(keys: readonly Typed[], from: Ui = initialUi, all = known): { ui: Ui; actions: Action[] } {
  const actions: Action[] = [];
  let ui = from;
  const pressed = keys.flatMap((key): Pressed[] =>
    typeof key === 'string' ? [...key].map((input) => ({ input })) : [{ input: '', ...key }],
  );
  for (const each of pressed) {
    const next = press(ui, each, all);
    ui = next.ui;
    if (next.action) actions.push(next.action);
  }
  return { ui, actions };
}

const enter = { return: true };
const put = (event: object) => [{ type: 'put', event }];

describe('the keys of the view', () => {
  it('end the environment with q, and with Ctrl-C whatever is asked', () => {
    const quit = [{ type: 'quit' }];
    expect(typed(['q']).actions).toEqual(quit);
    for (const before of ['', 's', 'x', 'b', 'p', '?', 'e']) {
      expect(typed([before, { input: 'c', ctrl: true }]).actions, before).toEqual(quit);
    }
    // Of a text it is a letter.
    expect(typed(['sq']).ui.mode).toMatchObject({ kind: 'ask', text: 'q' });
  });

  it('start a lottery, with prizes or without', () => {
    expect(typed(['spromo', enter]).actions).toEqual(put({ type: 'LotteryStartEvent', lotteryId: 'promo' }));
    expect(typed(['s7 car, red bike,', enter]).actions).toEqual(
      put({ type: 'LotteryStartEvent', lotteryId: 7, prizes: ['car', 'red bike'] }),
    );
  });

  it('stop the chosen lottery when that is meant', () => {
    expect(typed(['xy']).actions).toEqual(put({ type: 'LotteryStopEvent', lotteryId: 1 }));
    const down = { downArrow: true };
    expect(typed([down, down, 'xy']).actions).toEqual(put({ type: 'LotteryStopEvent', lotteryId: 'promo' }));
    expect(typed(['xn'])).toMatchObject({ actions: [], ui: { message: 'Not stopped' } });
  });

  it('keep the lottery that is asked about when others come', () => {
    const { ui } = typed(['x']);
    expect(typed(['y'], ui, { ...known, lotteries: ['0', '1'] }).actions).toEqual(
      put({ type: 'LotteryStopEvent', lotteryId: 1 }),
    );
  });

  it('buy and click as a user, who is remembered', () => {
    const back = { backspace: true };
    const bought = typed(['b', back, '42 25', enter]);
    expect(bought.actions).toEqual(put({ type: 'UserBuyCouponEvent', userId: 42, purchasedCoupons: 25 }));
    expect(typed(['c', enter], bought.ui).actions).toEqual(
      put({ type: 'UserClickEvent', timestamp: 7_000, userId: 42, lotteryId: 1 }),
    );
  });

  it('say what is wrong with what was typed, and put nothing', () => {
    const back = { backspace: true };
    const wrong = [
      [['s', enter], 'There is no lottery without an id'],
      [['b', back, enter], 'There is no user without an id'],
      [['b 0', enter], 'COUPONS is a whole number from 1 to 4294967296'],
      [['b -1', enter], 'COUPONS is a whole number from 1 to 4294967296'],
      [['b 1 2', enter], 'COUPONS is a whole number from 1 to 4294967296'],
      [['b 4294967297', enter], 'COUPONS is a whole number from 1 to 4294967296'],
      [[`s${'x'.repeat(129)}`, enter], 'The id of a lottery has 1 to 128 characters'],
      [[`s7 ${'a,'.repeat(1_001)}`, enter], 'A run has 1000 prizes at most'],
    ] as const;
    for (const [keys, message] of wrong) {
      expect(typed(keys), message).toMatchObject({ actions: [], ui: { message, mode: { kind: 'watch' } } });
    }
  });

  it('do nothing with a lottery where there is none', () => {
    for (const key of ['x', 'c']) {
      const { ui, actions } = typed([key], initialUi, { ...known, lotteries: [] });
      expect([ui.message, actions]).toEqual(['There is no lottery yet: s starts one', []]);
    }
  });

  it('leave a question with Escape, and take a paste without its line ends', () => {
    expect(typed(['spromo', { escape: true }])).toMatchObject({
      ui: { mode: { kind: 'watch' } },
      actions: [],
    });
    expect(typed(['s', { input: 'pro\r\n\u001bmo' }]).ui.mode).toMatchObject({ text: 'promo' });
    expect(typed(['s', { input: 'x'.repeat(9_000) }]).ui.mode).toMatchObject({ text: 'x'.repeat(4_000) });
  });

  it('take what comes at once with a line end for a text and Enter, and nothing behind it', () => {
    expect(pressesOf({ input: 'promo car\r\nq\r' })).toEqual([
      { input: 'promo car' },
      { input: '', return: true },
    ]);
    for (const one of [{ input: 'q' }, { input: '\r', return: true }, { input: '', upArrow: true }]) {
      expect(pressesOf(one)).toEqual([one]);
    }
    expect(typed(['s', ...pressesOf({ input: 'promo\r' })]).actions).toEqual(
      put({ type: 'LotteryStartEvent', lotteryId: 'promo' }),
    );
  });

  it('pause a function by its number, and none by another key', () => {
    expect(typed(['p2']).actions).toEqual([{ type: 'toggle', functionName: 'ticks' }]);
    for (const key of ['0', '3', 'x', '']) expect(typed(['p', { input: key }]).actions).toEqual([]);
  });

  it('read the guide from end to end, and go back with another key', () => {
    const down = { downArrow: true };
    expect(typed(['e', down, down, down, down]).ui.mode).toEqual({ kind: 'guide', top: 2 });
    expect(typed(['e', down, { upArrow: true }, { upArrow: true }]).ui.mode).toEqual({
      kind: 'guide',
      top: 0,
    });
    expect(typed(['e', ' ']).ui.mode).toEqual({ kind: 'watch' });
  });
});
