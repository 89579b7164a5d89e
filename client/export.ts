import { type ArchivedRecord, type ArchivedStream, archivedStreams } from '../lambda/core/archive.ts';
import type { DayOfDraws } from './archive/day-of-draws.ts';
import { type OutputFields, outputFields } from './archive/output-fields.ts';
import type { OutputHistory, Span } from './archive.ts';

export interface ExportOptions {
  readonly history: OutputHistory;
  /** Only what is of this lottery. As it is inside: text. */
  readonly lotteryId?: string | undefined;
  /** Only what belongs to this day. */
  readonly day?: DayOfDraws | undefined;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** An event as it went out. */
export interface ExportedEvent {
  /** JSON on one line. */
  readonly text: string;
  readonly fields: OutputFields;
}

/** What an export has seen of the streams. */
export interface ExportCounts {
  /** Records that are no events: somebody else put them on an output stream, and they are left out. */
  foreign: number;
}

/**
 * Events of both output streams, each record once, in the order of arrival: all of them, or those of a lottery, or those that
 * belong to a day (`DayOfDraws`). A run that began before the day has its start, and stops on the way, in front.
 * @throws what reading throws
 */
export async function* exportedEvents(
  { history, lotteryId, day, now }: ExportOptions,
  counts: ExportCounts,
): AsyncGenerator<ExportedEvent> {
  const isOfLottery = (fields: OutputFields) => lotteryId === undefined || fields.lotteryId === lotteryId;
  let spans: Readonly<Record<ArchivedStream, Span>> = { user: {}, lottery: {} };
  let before: RunsFromBefore = new Map();
  if (day !== undefined) {
    await look(history, day, isOfLottery);
    before = await runsFromBefore(history, day, isOfLottery);
    yield* [...before.values()].toSorted((one, other) => one.arrival - other.arrival);
    const until = day.until(now());
    const { from } = day;
    spans = { lottery: { from }, user: { from, ...(until !== undefined && { until }) } };
  }
  for await (const record of history.records(archivedStreams, spans)) {
    if (record.stream === 'lottery' && before.has(record.recordId)) continue;
    const event = eventIn(record);
    if (event === undefined) counts.foreign += 1;
    else if (isOfLottery(event.fields) && (day?.takes(event.fields, record.arrival) ?? true)) yield event;
  }
}

/** Finds out which runs have a draw on the day, and whether all of these are drawn. */
async function look(
  history: OutputHistory,
  day: DayOfDraws,
  isOfLottery: (fields: OutputFields) => boolean,
): Promise<void> {
  for await (const record of history.records(['lottery'], { lottery: { from: day.from } })) {
    const event = eventIn(record);
    if (event !== undefined && isOfLottery(event.fields)) day.see(event.fields, record.arrival);
  }
}

/** By the ids of their records. */
type RunsFromBefore = ReadonlyMap<string, ExportedEvent & { readonly arrival: number }>;

/** Goes back through the archive, from the day on, until each run has its start. */
async function runsFromBefore(
  history: OutputHistory,
  day: DayOfDraws,
  isOfLottery: (fields: OutputFields) => boolean,
): Promise<RunsFromBefore> {
  const found = new Map<string, ExportedEvent & { readonly arrival: number }>();
  for (const object of day.isStartMissing ? await history.objects('lottery') : []) {
    if (!day.isStartMissing) break;
    for (const record of await history.read(object)) {
      const event = record.arrival < day.from ? eventIn(record) : undefined;
      if (event === undefined || !isOfLottery(event.fields) || !day.takesRun(event.fields)) continue;
      day.see(event.fields, record.arrival);
      found.set(record.recordId, { ...event, arrival: record.arrival });
    }
  }
  return found;
}

function eventIn({ text }: ArchivedRecord): ExportedEvent | undefined {
  const fields = outputFields(text);
  return text === undefined || fields === undefined ? undefined : { text, fields };
}
