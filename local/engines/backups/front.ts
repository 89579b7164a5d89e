import { join } from 'node:path';
import { z } from 'zod';
import { type CallEngine, type EngineAnswer, type Front, RefusedError } from '../dynamodb-front.ts';
import { continuousOperations } from './continuous.ts';
import { openHistory } from './history-file.ts';
import { isWrite, Journal } from './journal.ts';
import { onDemandOperations } from './on-demand.ts';
import type { Operation } from './operation.ts';
import { Restores } from './restores.ts';

const operations = new Map<string, Operation>(
  Object.entries({ ...onDemandOperations, ...continuousOperations }),
);

const object = z.record(z.string(), z.unknown());

/**
 * Teaches an engine that has none on-demand backups and point-in-time recovery, as far as DynamoDB's own API has them:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html. Encryption, tags, throughput
 * overrides and the backups that DynamoDB makes of a deleted table are not played. Without a data directory it is all
 * in memory.
 */
export function backupsFront(dataDir: string | undefined): Front {
  const kept = openHistory(dataDir === undefined ? undefined : join(dataDir, 'dynamodb-backups.jsonl'));
  const { history } = kept;
  const journal = new Journal(kept);
  const restores = new Restores(kept);
  const context = { kept, journal, restores, backupsUnderWay: new Map() };

  async function answer(operation: string, input: object, call: CallEngine): Promise<EngineAnswer> {
    const parsed = object.safeParse(input);
    if (!parsed.success) throw new RefusedError('ValidationException', 'The request is not an object');
    const own = operations.get(operation);
    if (own !== undefined) return { status: 200, body: await own(parsed.data, context, call) };
    restores.refuse(operation, parsed.data);
    if (isWrite(operation)) return journal.write(operation, parsed.data, call);
    const result = await call(operation, parsed.data);
    if (operation === 'DescribeTable') return restores.describe(result);
    if (operation === 'DeleteTable' && result.status === 200) {
      kept.add({ kind: 'tableDeleted', table: String(parsed.data.TableName) });
    }
    return result;
  }

  return {
    // What no backup has to do with goes straight to the engine.
    takes: (operation) =>
      operations.has(operation) ||
      restores.underWay ||
      (history.isJournalling && (isWrite(operation) || operation === 'DeleteTable')) ||
      (history.hasRestored && (operation === 'DescribeTable' || operation === 'DeleteTable')),
    answer,
  };
}
