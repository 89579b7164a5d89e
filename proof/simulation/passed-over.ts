import type { Channel } from '../../client/expectations.ts';
import type { RedriveResources } from '../../client/redrive/resources.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { LotteriesTable } from '../../lambda/adapters/lotteries-table.ts';
import { UsersTable } from '../../lambda/adapters/users-table.ts';
import type { Cursors } from '../../lambda/core/cursor.ts';
import { decodeLotteryRecord, decodeUserRecord, isDecoded } from '../../lambda/core/decode.ts';
import { compareSequenceNumbers } from '../../lambda/core/ids.ts';
import { idOf } from '../oracle/aggregates.ts';
import type { InputRecord } from '../oracle/streams.ts';
import type { Watch } from '../soak/observations.ts';

/** Ids of records, by stream. */
export type LeftOut = Readonly<Record<Channel, ReadonlySet<string>>>;

/**
 * Whether nobody can apply what redriving has left out: the cursor of its key lies beyond it. What it might have
 * applied, it must not leave.
 * @param functionName of the one that knows the tables by its variables
 * @returns violations, in words
 */
export async function wronglyLeftOut(
  leftOut: LeftOut,
  { inputs }: Pick<Watch, 'inputs'>,
  { dynamodb, retry, functions }: RedriveResources,
  functionName: string,
): Promise<string[]> {
  const { USERS_TABLE = '', LOTTERIES_TABLE = '' } = await functions.variablesOf(functionName);
  const users = new UsersTable(new DynamoTable(dynamodb, USERS_TABLE, retry));
  const lotteries = new LotteriesTable(dynamodb, LOTTERIES_TABLE, retry);
  const cursorsOf = {
    user: async (record: InputRecord) => {
      const decoded = decodeUserRecord(sourced(record, 'user-events-input'));
      if (!isDecoded(decoded)) return undefined;
      const { userId } = decoded.event;
      return (await users.load([userId], { consistent: true })).get(userId)?.cursors;
    },
    lottery: async (record: InputRecord) => {
      const decoded = decodeLotteryRecord(sourced(record, 'lottery-events-input'));
      if (!isDecoded(decoded)) return undefined;
      const { lotteryId } = decoded.event;
      return (await lotteries.load([lotteryId])).get(lotteryId)?.cursors;
    },
  };
  const wrong: string[] = [];
  for (const channel of ['user', 'lottery'] as const) {
    for (const record of inputs[channel]) {
      const id = idOf(record);
      if (!leftOut[channel].has(id) || isPassed(record, await cursorsOf[channel](record))) continue;
      wrong.push(`${channel} event ${id} was left out by redriving, and can be applied`);
    }
  }
  return wrong;
}

function isPassed({ shardId, sequenceNumber }: InputRecord, cursors: Cursors | undefined): boolean {
  const cursor = cursors?.[shardId];
  return cursor !== undefined && compareSequenceNumbers(sequenceNumber, cursor.sequenceNumber) <= 0;
}

const sourced = ({ shardId, sequenceNumber, partitionKey, arrival, data }: InputRecord, stream: string) => ({
  source: { shardId, sequenceNumber },
  ...{ stream, partitionKey, arrival, data: Buffer.from(data) },
});
