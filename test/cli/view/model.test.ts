import { describe, expect, it } from 'vitest';
import { ViewModel } from '../../../cli/view/model.ts';
import { rejected, winner } from './support.ts';

const status = (functionName: string, fields: object = {}) => ({
  ...{ functionName, state: 'Enabled' as const, behindMs: 0, unfinished: 0, isThrottled: false },
  ...fields,
});

describe('the model of the view', () => {
  it('counts rejections by reason, each record of each stream once', () => {
    const model = new ViewModel();
    for (const recordId of ['s:1', 's:1', 's:2']) model.observe('user', rejected(recordId));
    model.observe('lottery', rejected('s:1', 'LOTTERY_INACTIVE'));
    expect(model.state(0, []).rejected).toEqual([
      ['NO_COUPON', 2],
      ['LOTTERY_INACTIVE', 1],
    ]);
  });

  it('has the winners of the latest windows first, each draw once', () => {
    const model = new ViewModel();
    for (const start of [10_000, 0, 10_000]) model.observe('lottery', winner(start));
    expect(model.state(0, []).winners.map(({ drawId }) => drawId)).toEqual(['d10000', 'd0']);
  });

  it('spells out what would drive a terminal', () => {
    const model = new ViewModel();
    model.observe('user', rejected('s:1', '\u001b[2J'));
    model.observe('lottery', winner(0, { userId: '\u202eevil', prize: 'a\nb', lotteryId: '\u0007' }));
    model.note('one\n\u001b]0;two', 7);
    expect(model.state(0, [])).toMatchObject({
      rejected: [['\\u001b[2J', 1]],
      winners: [{ userId: '\\u202eevil', prize: 'a\\u000ab', lotteryId: '\\u0007' }],
      notes: [
        { at: 7, text: 'one' },
        { at: 7, text: '\\u001b]0;two' },
      ],
    });
  });

  it('keeps the last of many winners and notes', () => {
    const model = new ViewModel();
    for (let index = 0; index < 300; index += 1) {
      model.observe('lottery', winner(index));
      model.note(`note ${index}`, index);
    }
    const { winners, notes } = model.state(0, []);
    expect([winners.length, winners[0]?.drawId, notes.length, notes.at(-1)?.text]).toEqual([
      ...[100, 'd299', 50, 'note 299'],
    ]);
  });

  it('puts the mappings of a function together, and knows which invocations failed', () => {
    const model = new ViewModel();
    model.failed('draw');
    const statuses = [
      status('draw', { behindMs: 10, unfinished: 2 }),
      status('ticks'),
      status('draw', { behindMs: 30, unfinished: 1, state: 'Disabled' }),
      status('archive', { isThrottled: true }),
    ];
    expect(model.state(0, statuses).functions).toEqual([
      { name: 'draw', isPaused: true, behindMs: 30, unfinished: 3, failures: 1 },
      { name: 'ticks', isPaused: false, behindMs: 0, unfinished: 0, failures: 0 },
      { name: 'archive', isPaused: true, behindMs: 0, unfinished: 0, failures: 0 },
    ]);
  });

  it('has the most frequent fault first, and none where none are injected', () => {
    const model = new ViewModel();
    expect(model.state(0, [], { callFailed: 1, callHangs: 3 }).faults).toEqual({
      total: 4,
      byKind: [
        ['callHangs', 3],
        ['callFailed', 1],
      ],
    });
    expect(model.state(0, []).faults).toBeUndefined();
  });
});
