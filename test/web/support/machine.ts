/** The API of a local run, as it answered once: what it says is what the pages Play and Pipeline show. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PipelineState, PlayAnswer } from '../../../web/machine/types.ts';
import { firstWindow, record, windowMs } from './recorded.ts';

const mapping = (source: string, lagMs = 40, openWindows = 0) => ({
  ...{ source, isEnabled: true, lagMs, unfinished: lagMs > 1_000 ? 214 : 0, openWindows },
});

/** Records in and out. */
const rates: Readonly<Record<string, readonly [number, number]>> = {
  'lottery-events-input': [0.6, 0.6],
  'user-events-input': [1_310.4, 1_284.3],
  entries: [9.3, 0],
  'lottery-events-output': [0.9, 1.8],
  'user-events-output': [1_281.7, 2_563.4],
};

export const pipelineState: PipelineState = {
  at: firstWindow + 75_400,
  streams: [
    'lottery-events-input',
    'user-events-input',
    'entries',
    'lottery-events-output',
    'user-events-output',
  ].map((name) => {
    const [inPerSecond, outPerSecond] = rates[name] ?? [0, 0];
    return {
      ...{ name: `dev-${name}`, kind: 'stream', isInput: name.endsWith('-input') },
      ...{ shards: name.startsWith('user') ? 4 : 2, inPerSecond, outPerSecond },
    };
  }),
  queues: [{ name: 'dev-ticks', waiting: 0, delayed: 3, inFlight: 1 }],
  functions: [
    {
      ...{ name: 'dev-lottery-events', recordsPerSecond: 0.6, invocationsPerSecond: 0.4, failed: 0 },
      mappings: [mapping('dev-lottery-events-input')],
      uses: ['dev-lotteries', 'dev-seeds', 'dev-watermarks', 'dev-lottery-events-output', 'dev-ticks'],
    },
    {
      ...{ name: 'dev-user-events', recordsPerSecond: 1_284.3, invocationsPerSecond: 9.1, failed: 2 },
      lastFailure: {
        at: firstWindow + 61_000,
        reason: 'the execution environment was killed <b>on purpose</b>',
      },
      mappings: [mapping('dev-user-events-input', 2_300)],
      uses: [
        'dev-users',
        'dev-lotteries',
        'dev-refunds',
        'dev-watermarks',
        'dev-user-events-output',
        'dev-entries',
        'dev-draws-bucket',
        'dev-user-events-input',
      ],
    },
    {
      ...{ name: 'dev-ticks', recordsPerSecond: 2.1, invocationsPerSecond: 2.1, failed: 0 },
      mappings: [mapping('dev-ticks')],
      uses: [
        'dev-watermarks',
        'dev-entries',
        'dev-lottery-events-input',
        'dev-user-events-input',
        'dev-ticks',
      ],
    },
    {
      ...{ name: 'dev-draw', recordsPerSecond: 9.3, invocationsPerSecond: 0.5, failed: 0 },
      mappings: [{ ...mapping('dev-entries', 0, 2), isEnabled: false }],
      uses: [
        'dev-draws',
        'dev-seeds',
        'dev-lotteries',
        'dev-draws-bucket',
        'dev-lottery-events-output',
        'dev-user-events-input',
        'dev-ticks',
      ],
    },
    ...['archive', 'live'].map((name) => ({
      ...{ name: `dev-${name}`, recordsPerSecond: 1_282.6, invocationsPerSecond: 2.2, failed: 0 },
      mappings: [mapping('dev-user-events-output'), mapping('dev-lottery-events-output')],
      uses:
        name === 'archive'
          ? ['dev-draws-bucket', 'dev-user-events-output', 'dev-lottery-events-output']
          : ['dev-live', 'dev-lotteries', 'dev-site'],
    })),
    {
      ...{ name: 'dev-receipts-public-key', recordsPerSecond: 0, invocationsPerSecond: 0, failed: 0 },
      mappings: [],
      uses: [],
    },
  ],
  stores: [
    'dev-users',
    'dev-lotteries',
    'dev-draws',
    'dev-refunds',
    'dev-seeds',
    'dev-watermarks',
    'dev-draws-bucket',
    'dev-artifacts',
    'dev-live',
    'dev-site',
  ],
  watermarks: [
    'all/arrival',
    'lottery-events/shardId-000000000000',
    'user-events/shardId-000000000000',
    'user-events/shardId-000000000001',
  ].map((shard, index) => ({ shard, time: firstWindow + 75_000 - 400 * index })),
  ...{ openDraws: 3, failedBatches: 1, faults: { answerLost: 4, deliveredTwice: 2, killedAfterCall: 1 } },
};

const [receipt] = record([1]).draws[0]?.receipts ?? [];

/** What came of an event. */
export function answerTo(event: Record<string, unknown>): PlayAnswer {
  const recordId = 'shardId-000000000000:1';
  const { userId, lotteryId } = event;
  switch (event.type) {
    case 'UserBuyCouponEvent':
      return {
        recordId,
        outcome: {
          type: 'CouponsBoughtEvent',
          userId,
          purchasedCoupons: event.purchasedCoupons,
          availableCoupons: 10,
        },
      };
    case 'UserClickEvent':
      return {
        recordId,
        outcome: { ...receipt, userId, lotteryId, windowStart: firstWindow + windowMs, availableCoupons: 9 },
      };
    case 'LotteryStartEvent':
      return { recordId, outcome: { type: 'LotteryStartedEvent', lotteryId, run: 1 } };
    default:
      return {
        recordId,
        outcome: {
          type: 'EventRejectedEvent',
          reason: 'LOTTERY_INACTIVE',
          message: `Cannot stop inactive lottery, lotteryId: ${lotteryId}`,
        },
      };
  }
}

export interface Machine {
  /** Events that were put. */
  readonly put: Record<string, unknown>[];
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

export function recordedMachine(): Machine {
  const put: Record<string, unknown>[] = [];
  return {
    put,
    answer(request, response) {
      if (!request.url?.startsWith('/local/')) return false;
      void bodyOf(request).then((body) => {
        if (body !== undefined) put.push(body);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body === undefined ? pipelineState : answerTo(body)));
      });
      return true;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}
