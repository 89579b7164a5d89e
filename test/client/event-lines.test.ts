import { describe, expect, it } from 'vitest';
import { route } from '../../client/event-lines.ts';

describe('route', () => {
  it.each([
    [
      '{"type":"LotteryStartEvent","lotteryId":1}',
      'lottery',
      '1',
      { lotteryId: '1', type: 'LotteryStartEvent' },
    ],
    [
      '{"type":"LotteryStopEvent","lotteryId":"x"}',
      'lottery',
      'x',
      { lotteryId: 'x', type: 'LotteryStopEvent' },
    ],
    ['{"type":"LotteryStartEvent","lotteryId":-1}', 'lottery', 'no-id', { type: 'LotteryStartEvent' }],
    ['{"type":"UserBuyCouponEvent","userId":12}', 'user', '12', { type: 'UserBuyCouponEvent' }],
    ['{"type":"UserBuyCouponEvent","userId":12,"lotteryId":1}', 'user', '12', { type: 'UserBuyCouponEvent' }],
    [
      '{"type":"UserClickEvent","userId":"12","lotteryId":1}',
      'user',
      '12',
      { lotteryId: '1', type: 'UserClickEvent' },
    ],
    ['{"type":"UserClickEvent","userId":"12","lotteryId":{}}', 'user', '12', { type: 'UserClickEvent' }],
    ['{"type":"toString","userId":3}', 'user', '3', { type: 'toString' }],
    ['{"userId":3}', 'user', '3', {}],
    ['[1]', 'user', 'no-id', {}],
    ['null', 'user', 'no-id', {}],
    ['not json', 'user', 'no-id', {}],
  ])('sends %s to the %s stream under the key %s', (text, stream, partitionKey, more) => {
    expect(route(text)).toEqual({ stream, partitionKey, ...more });
  });
  it.each([
    ['{"type":"UserClickEvent","userId":12,"lotteryId":1,"timestamp":5}', 5],
    ['{"type":"LotteryStartEvent","lotteryId":1,"timestamp":5,"prizes":["car"]}', 5],
    ['{"type":"LotteryStartEvent","lotteryId":1}', undefined],
    // The pipeline takes none of these.
    ['{"type":"UserClickEvent","userId":12,"lotteryId":1,"timestamp":4102444800000}', undefined],
    ['{"type":"UserClickEvent","userId":{},"lotteryId":1,"timestamp":5}', undefined],
    ['{"type":"LotteryStartEvent","lotteryId":1,"timestamp":5,"prizes":[]}', undefined],
    // It says nothing of when others come.
    ['{"type":"LotteryStopEvent","lotteryId":1,"timestamp":5}', undefined],
  ])('reads the time of %s', (text, timestamp) => {
    expect(route(text).timestamp).toBe(timestamp);
  });
});
