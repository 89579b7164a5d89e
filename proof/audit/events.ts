import type { Channel } from '../../client/expectations.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { recordIdOfOutcome } from '../../client/output-events.ts';
import { recordIdOf } from '../../lambda/core/ids.ts';
import type { Evidence } from './evidence.ts';

const channels: readonly Channel[] = ['lottery', 'user'];

/** Each record of the input streams has exactly one distinct outcome; no other record has one. */
export function everyEventHasOneOutcome(evidence: Evidence): string[] {
  return channels.flatMap((channel) => {
    const outcomes = new Map<string, number>();
    for (const event of evidence.outputs[channel]) {
      const id = recordIdOfOutcome(event);
      if (id !== undefined) outcomes.set(id, (outcomes.get(id) ?? 0) + 1);
    }
    const inputs = new Set(evidence.inputs[channel].map((record) => recordIdOf(record.source)));
    return [
      ...[...inputs].flatMap((id) => {
        const count = outcomes.get(id) ?? 0;
        return count === 1 ? [] : [`${channel} event ${id} has ${count} distinct outcomes`];
      }),
      ...[...outcomes.keys()].flatMap((id) =>
        inputs.has(id) ? [] : [`there is an outcome of ${channel} event ${id}, which was never put`],
      ),
      ...evidence.put[channel].flatMap((id) =>
        inputs.has(id) ? [] : [`${channel} event ${id} was put and is not on its stream`],
      ),
    ];
  });
}

/** Each user has bought = spent + left, refunds counted back, and never less than nothing. */
export function everyBalanceAddsUp({ outputs, users }: Evidence): string[] {
  const expected = new Map<string, number>();
  for (const event of outputs.user) {
    const change = changeOf(event);
    if (change === 0 || !('userId' in event)) continue;
    const userId = String(event.userId);
    expected.set(userId, (expected.get(userId) ?? 0) + change);
  }
  const stored = new Map(users.map(({ userId, coupons }) => [userId, coupons]));
  return [...new Set([...expected.keys(), ...stored.keys()])].flatMap((userId) => {
    const coupons = stored.get(userId) ?? 0;
    const sum = expected.get(userId) ?? 0;
    if (coupons !== sum) return [`user ${userId} has ${coupons} coupons, the outcomes say ${sum}`];
    return coupons < 0 ? [`user ${userId} has ${coupons} coupons`] : [];
  });
}

function changeOf(event: OutputEvent): number {
  if (event.type === 'CouponsBoughtEvent') return event.purchasedCoupons;
  if (event.type === 'ClickAcceptedEvent') return -1;
  return event.type === 'CouponRefundedEvent' ? 1 : 0;
}

/** An audit of nothing proves nothing. */
export function somethingHappened({ put, outputs, draws, lotteries }: Evidence): string[] {
  const counts = {
    'event was put': put.lottery.length + put.user.length,
    'click was accepted': outputs.user.filter(({ type }) => type === 'ClickAcceptedEvent').length,
    'draw was made': draws.length,
    'lottery is stored': lotteries.length,
  };
  return Object.entries(counts).flatMap(([what, count]) =>
    count === 0 ? [`nothing happened: no ${what}`] : [],
  );
}

/** Nothing was given up, and only output events are on the output streams. */
export function nothingElseIsThere({ failedBatches, foreign }: Evidence): string[] {
  return [
    ...failedBatches.map((key) => `a failed batch is in the artifacts bucket: ${key}`),
    ...foreign.map((text) => `a record of an output stream is no output event: ${text.slice(0, 200)}`),
  ];
}
