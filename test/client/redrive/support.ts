import type { KinesisStreamRecord } from 'aws-lambda';
import type { FailedBatch } from '../../../client/redrive/failed-batches.ts';
import type { Functions, PlannerResources } from '../../../client/redrive/resources.ts';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';
import type { LotteryRun } from '../../../lambda/core/lottery.ts';
import { runKey } from '../../../lambda/core/window.ts';
import type { LotteryRuns } from '../../../lambda/ports/ports.ts';
import type { InMemoryServices } from '../../contract/support/in-memory-services.ts';
import { shardId } from '../../support/records.ts';

const noFunctions: Functions = {
  variablesOf: async () => ({}),
  invoke: () => Promise.reject(new Error('Nothing to apply')),
};

/** Every call is tried once. */
export function resourcesOf({ clients, now }: InMemoryServices): PlannerResources {
  const { kinesis, s3, dynamodb, sqs } = clients;
  const outer = new KinesisStreams(kinesis);
  return {
    ...{ kinesis, s3, dynamodb, sqs, now, functions: noFunctions, outer },
    openOuter: async () => outer,
    retry: { attempts: 1, firstPauseMs: 0, sleep: async () => {}, random: () => 0 },
  };
}

/** Of the stream `in`. */
export function failedBatch(
  records: readonly KinesisStreamRecord[],
  fields: Partial<FailedBatch> = {},
): FailedBatch {
  return {
    ...{ key: 'key', functionArn: 'function', functionName: 'function', condition: 'RetryAttemptsExhausted' },
    ...{ stream: 'in', shardId, records, state: undefined },
    ...fields,
  };
}

const windows = { windowMs: 10_000, graceMs: 2_000 };

export function runOf(fields: Partial<LotteryRun> = {}): LotteryRun {
  return {
    lotteryId: '1',
    run: 1,
    status: 'active',
    seedCommitment: 'c',
    receiptKey: 'k',
    ...windows,
    ...fields,
  };
}

/** Those of the table. */
export function lotteriesWith(...runs: readonly LotteryRun[]): LotteryRuns {
  const byKey = new Map(runs.map((run) => [runKey(run), run]));
  return {
    current: () => Promise.reject(new Error('Of now they may be others')),
    byRun: async (keys) => new Map(keys.flatMap((key) => entryOf(byKey, runKey(key)))),
  };
}

function entryOf<Value>(map: ReadonlyMap<string, Value>, key: string): [string, Value][] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}
