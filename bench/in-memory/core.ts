import type { KinesisStreamEvent } from 'aws-lambda';
import { decodeBatch } from '../../lambda/batch/decode-batch.ts';
import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import { decideBatch } from '../../lambda/core/decider.ts';
import { decodeUserRecord } from '../../lambda/core/decode.ts';
import { newUser, type UserContext, userDecider } from '../../lambda/core/user.ts';
import { blockOf } from '../../lambda/functions/user-events/block-of-batch.ts';
import type { Settled } from '../../lambda/functions/user-events/dependencies.ts';
import { marginMs, runOf } from './ports.ts';
import { MemoryUsers } from './users.ts';

/**
 * The pure core, from records as Lambda hands them over to outcomes, the users' next states and the batch's block in the order
 * of its stream: no outputs, no receipts, and no priorities, which are a draw's.
 */

const users = new MemoryUsers(Number(process.env.BENCH_USERS));

export async function handler(event: KinesisStreamEvent): Promise<{ batchItemFailures: []; length: number }> {
  const records = kinesisSource.records(event);
  const batch = decodeBatch(records, decodeUserRecord, ({ userId }) => userId);
  const context: UserContext = {
    toleranceMs: 120_000,
    clockAt: () => undefined,
    now: records[0]?.arrival ?? 0,
    retentionMs: 25 * 3_600_000,
    lottery: (lotteryId) => runOf({ lotteryId }),
    refund: () => undefined,
    grant: () => undefined,
  };
  const settled: Settled[] = [];
  for (const [userId, events] of batch.groups) {
    const { state, outcomes } = decideBatch(userDecider, users.get(userId) ?? newUser, events, context);
    users.put(userId, state);
    events.forEach((sourced, index) => {
      const outcome = outcomes[index];
      if (outcome?.kind !== 'accepted') throw new Error('A click of the benchmark was not accepted');
      settled.push({ sourced, outcome });
    });
  }
  const length = blockOf(batch, settled, runOf).block.finish(marginMs)?.text.length ?? 0;
  return { batchItemFailures: [], length };
}
