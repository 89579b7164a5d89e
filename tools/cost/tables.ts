import { targetUtilizationPercent } from '../../lib/constructs/table-capacity.ts';
import { ends } from '../../lib/setting-fields.ts';
import type { Settings } from '../../lib/settings.ts';
import { assumptions, type Load, type Work } from './load.ts';
import { hoursPerMonth, prices, secondsPerMonth } from './prices.ts';

const million = 1e6;
const gb = 1e9;
/** Read units of an eventually consistent read of up to 4 KB. */
const eventuallyConsistentUnit = 0.5;

/** Units a second. */
interface Units {
  readonly reads: number;
  readonly writes: number;
}

/** What the tables cost a month. */
export function tablesBill(settings: Settings, load: Load, work: Work): number {
  const { dynamodb } = prices;
  const batches = load.clicksPerSecond / load.clicksPerUserAndBatch;
  // One conditional write and one read of a user and batch, an item of one unit each. The read is eventually
  // consistent, which is half a unit (lambda/keyed-batch.ts); those of lotteries are counted as consistent.
  const users = { reads: eventuallyConsistentUnit * batches, writes: batches };
  const others = { reads: work.userInvocations + work.drawInvocations, writes: work.draws };
  const stored = (load.users * assumptions.userBytes) / gb;
  const perGb = dynamodb.gbMonth + (settings.pointInTimeRecovery ? dynamodb.pointInTimeGbMonth : 0);
  return unitsBill(users, settings.tableCapacity) + unitsBill(others, 'on-demand') + stored * perGb;
}

function unitsBill({ reads, writes }: Units, capacity: Settings['tableCapacity']): number {
  const { millionReads, millionWrites, readUnitHour, writeUnitHour } = prices.dynamodb;
  if (capacity === 'on-demand') {
    return ((reads * millionReads + writes * millionWrites) * secondsPerMonth) / million;
  }
  // Scaled to the use, or to the least; what is above the most would be throttled, and is counted all the same.
  const { least } = ends(capacity);
  const provisioned = (used: number) => Math.max(least, Math.ceil(used / (targetUtilizationPercent / 100)));
  return (provisioned(reads) * readUnitHour + provisioned(writes) * writeUnitHour) * hoursPerMonth;
}
