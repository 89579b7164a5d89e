import { targetUtilizationPercent } from '../../lib/constructs/table-capacity.ts';
import { ends } from '../../lib/setting-fields.ts';
import type { Settings } from '../../lib/settings.ts';
import { assumptions, type Load, type Work } from './load.ts';
import { hoursPerMonth, prices, secondsPerMonth } from './prices.ts';

const million = 1e6;
const gb = 1e9;
/** Read units of an eventually consistent read of up to 4 KB. */
const eventuallyConsistentUnit = 0.5;
/** What a unit is for, bytes. */
const readUnitBytes = 4_096;
const writeUnitBytes = 1_024;
/** A draw, or what is open of a run, without names of blocks, bytes; and from where on these lie in the bucket (long-texts.ts). */
const itemBytes = 600;
const longestBytes = 200_000;

/** Units, or requests, a second. */
export interface Units {
  readonly reads: number;
  readonly writes: number;
}

/** What the tables cost a month. */
export function tablesBill(settings: Settings, load: Load, work: Work): number {
  const { dynamodb } = prices;
  const others = [lotteriesUnits(work), drawsUnits(work), watermarksUnits(work)];
  const stored = (load.users * assumptions.userBytes) / gb;
  const perGb = dynamodb.gbMonth + (settings.pointInTimeRecovery ? dynamodb.pointInTimeGbMonth : 0);
  return (
    unitsBill(usersUnits(load), settings.tableCapacity) +
    others.reduce((sum, units) => sum + unitsBill(units, 'on-demand'), 0) +
    stored * perGb
  );
}

/** The runs that a batch's clicks are on, which an environment remembers for a second, and that of each tick; consistent reads. */
export function lotteriesUnits({ partials, ticks }: Work): Units {
  return { reads: partials + ticks, writes: 0 };
}

/**
 * Requests a second. Of each draw: what is open of its run is read and written when Lambda's window ends, and when the draw is
 * closed, read at each of its ticks, and read and written without it once it is made; then the draw itself, written when it is
 * closed, read, and written once it is made.
 */
export function drawsRequests({ draws, ticks }: Work): Units {
  return { reads: 4 * draws + ticks, writes: 5 * draws };
}

/** All name the draw's blocks, but for what is written without it. */
export function drawsUnits(work: Work): Units {
  const { draws, partials } = work;
  const blocks = draws > 0 ? partials / draws : 0;
  const bytes = Math.min(itemBytes + blocks * assumptions.blockNameBytes, longestBytes);
  const { reads, writes } = drawsRequests(work);
  return {
    reads: reads * Math.ceil(bytes / readUnitBytes),
    writes: (writes - draws) * Math.ceil(bytes / writeUnitBytes) + draws,
  };
}

/** Written for each heartbeat, and with clicks that are past a window; read and found out for everybody by who looks, and asked for by all that wait. */
export function watermarksUnits(work: Work): Units {
  const { looksPerWindow, asksPerTick, passingsPerShard } = assumptions;
  const inputShards = work.shards + work.lotteryShards;
  const looks = work.windows * looksPerWindow;
  return {
    reads: looks * inputShards + work.tickInvocations * asksPerTick,
    // Who looks says that it does, and then what it found.
    writes: work.heartbeatsPerShard * inputShards + work.windows * work.shards * passingsPerShard + 2 * looks,
  };
}

/**
 * A line for each kind of units of which the table of users needs more than `tableCapacity` ever provisions; none
 * where the setting carries the load, as it does on demand.
 * @param environment its name, to say which setting it is
 */
export function capacityNotes(environment: string, { tableCapacity }: Settings, load: Load): string[] {
  if (tableCapacity === 'on-demand') return [];
  const { most } = ends(tableCapacity);
  const { reads, writes } = usersUnits(load);
  const needed: [string, number][] = [
    ['read', provisioned(reads)],
    ['write', provisioned(writes)],
  ];
  return needed
    .filter(([, units]) => units > most)
    .map(
      ([kind, units]) =>
        `Note: at ${load.clicksPerSecond} clicks/s the table of users needs ${units} ${kind} units a second, ` +
        `${targetUtilizationPercent} percent of them used, and ${environment}:tableCapacity ends at ${most}: ` +
        'the bill is for what is needed, not for what is had',
    );
}

/** One conditional write and one read of a user and batch. */
export function usersRequests({ clicksPerSecond, clicksPerUserAndBatch }: Load): Units {
  const batches = clicksPerSecond / clicksPerUserAndBatch;
  return { reads: batches, writes: batches };
}

/** @returns of one write of a user's item, in a batch with so many of the user's clicks */
export function userWriteUnits({ clicksPerUserAndBatch }: Pick<Load, 'clicksPerUserAndBatch'>): number {
  return Math.ceil(userItemBytes(clicksPerUserAndBatch) / writeUnitBytes);
}

export function usersUnits(load: Load): Units {
  const { reads, writes } = usersRequests(load);
  const readUnits = Math.ceil(userItemBytes(load.clicksPerUserAndBatch) / readUnitBytes);
  // The read is eventually consistent, which is half a unit (lambda/batch/keyed-batch.ts).
  return { reads: reads * eventuallyConsistentUnit * readUnits, writes: writes * userWriteUnits(load) };
}

/** With what a batch leaves in it. */
function userItemBytes(clicks: number): number {
  return assumptions.userBytes + (clicks > 1 ? clicks * assumptions.storedOutcomeBytes : 0);
}

/** What scaling by use provisions where so much is used. */
export function provisioned(used: number): number {
  return Math.ceil(used / (targetUtilizationPercent / 100));
}

function unitsBill({ reads, writes }: Units, capacity: Settings['tableCapacity']): number {
  const { millionReads, millionWrites, readUnitHour, writeUnitHour } = prices.dynamodb;
  if (capacity === 'on-demand') {
    return ((reads * millionReads + writes * millionWrites) * secondsPerMonth) / million;
  }
  // Scaled to the use, or to the least; what is above the most is counted all the same (`capacityNotes`).
  const { least } = ends(capacity);
  const paid = (used: number) => Math.max(least, provisioned(used));
  return (paid(reads) * readUnitHour + paid(writes) * writeUnitHour) * hoursPerMonth;
}
