import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { inputRecordOf } from '../../batch/kinesis-batch.ts';
import type { Arrival, DrawState } from '../../core/draw-state.ts';
import { drawStateSchema, mergeArrivals, takeDueDraws, withOpen } from '../../core/draw-state.ts';
import { endingRecord, entriesRecordSchema, partialRecord } from '../../core/entries-records.ts';
import type { StreamPublisher } from '../../ports/ports.ts';
import type { DrawDependencies } from './dependencies.ts';
import { endLotteries, withEndings } from './endings.ts';
import { settleLateEntries } from './late-entries.ts';
import { makeDraws } from './make-draws.ts';

/** What Lambda wants back at every invocation of a tumbling window: without `state` the invocation failed. */
export interface DrawResponse {
  readonly state: DrawState;
  readonly batchItemFailures: [];
}

/**
 * One invocation of a tumbling window on the entries stream (docs/architecture.md): merge the batch into the state,
 * make the draws that are due, settle what came too late, end what is over; at the window's end put the rest back on
 * the stream. All of it may be done again from the same state: what is stored is stored once, and published again.
 *
 * @throws when a write or a put fails after all attempts: the same invocation comes again
 */
export async function processEntries(
  event: KinesisStreamTumblingWindowEvent,
  dependencies: DrawDependencies,
): Promise<DrawResponse> {
  const { settings } = dependencies;
  const merged = mergeArrivals(drawStateSchema.parse(event.state ?? {}), arrivalsOf(event, dependencies));
  const clock = clockOf(event, merged);
  const { due, rest } = takeDueDraws(merged, clock, settings);
  const { made, waiting } = await makeDraws(due, dependencies);
  const open = withOpen(rest, { draws: waiting });
  const late = await settleLateEntries(made, clock, dependencies);
  const ended = await endLotteries(withEndings(open, made, late, clock, settings), clock, dependencies);
  // AWS does not say whether the invocation that ends a window early also counts as its final one.
  const endsWindow = event.isFinalInvokeForWindow || event.isWindowTerminatedEarly;
  if (!endsWindow) return { state: ended, batchItemFailures: [] };
  await carryOver(ended, dependencies.entries);
  return { state: drawStateSchema.parse({}), batchItemFailures: [] };
}

/** Records of the stream that only this project writes: one that cannot be read is a defect, and no reason to stop. */
function arrivalsOf(event: KinesisStreamTumblingWindowEvent, { telemetry }: DrawDependencies): Arrival[] {
  return event.Records.flatMap((kinesisRecord) => {
    const { data, arrival } = inputRecordOf(kinesisRecord);
    const parsed = entriesRecordSchema.safeParse(parseJson(data));
    if (parsed.success) return [{ record: parsed.data, arrival }];
    telemetry.count('recordsIgnored');
    telemetry.warn('A record of the entries stream cannot be read', {
      eventID: kinesisRecord.eventID,
      error: parsed.error.message,
    });
    return [];
  });
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** At a window's regular end everything that arrived before it is here: the end is a clock without records. */
function clockOf(event: KinesisStreamTumblingWindowEvent, state: DrawState): number {
  const isRegularEnd = event.isFinalInvokeForWindow && !event.isWindowTerminatedEarly;
  return isRegularEnd ? Math.max(Date.parse(event.window.end), state.clock) : state.clock;
}

/**
 * The stream is the state store between Lambda's windows. Endings go after the draws that they wait for are in
 * the stream: a lottery's records are in one shard, so that they come in that order too.
 */
async function carryOver(state: DrawState, entries: StreamPublisher): Promise<void> {
  await entries.publish(
    Object.values(state.draws).map((draw) => ({
      partitionKey: draw.lotteryId,
      value: partialRecord(draw, draw.since),
    })),
  );
  await entries.publish(
    Object.values(state.endings).map((ending) => ({
      partitionKey: ending.lotteryId,
      value: endingRecord(ending, ending.since),
    })),
  );
}
