import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { ticksWaitingMs } from '../../contract/waiting.ts';
import type { TickMessage } from '../../core/entries-records.ts';
import { tickMessageSchema, tickRecord } from '../../core/entries-records.ts';
import type { StreamPublisher, TickQueue } from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { InputCompleteness } from './completeness.ts';

export interface TicksDependencies {
  /** Whether old events are replayed: windows are not due by the time of day. */
  readonly isReplay: boolean;
  readonly entries: StreamPublisher;
  readonly queue: TickQueue;
  readonly completeness: InputCompleteness;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A message this early is taken as due, ms. */
const toleranceMs = 50;
/** One this early is waited for, ms: SQS delays are whole seconds, on a clock of its own, and messages come before they are due. */
const soonMs = 1_200;
/**
 * A tick whose window is not complete comes again after a quarter of the time that it has waited, within these, ms. After
 * an outage the ticks of new windows are there at once, and draw the windows before theirs as well.
 */
const leastPauseMs = 1_000;
const mostPauseMs = 900_000;
/** One that has waited so long is looked at, and not waited for: others are behind it. */
const waitedForMs = 10_000;

interface Received {
  readonly record: SQSRecord;
  readonly message: TickMessage;
}

/**
 * One batch of the ticks queue: ticks whose windows are complete go on the entries stream, the others back on the queue,
 * since a window may stay incomplete for longer than a message may be received. A message that is dealt with twice ticks
 * twice, which does no harm.
 *
 * @returns what failed: SQS delivers it again, and gives it up to the dead-letter queue in the end
 */
export async function processTicks(
  event: SQSEvent,
  dependencies: TicksDependencies,
): Promise<SQSBatchResponse> {
  const { now } = dependencies;
  const until = now() + ticksWaitingMs;
  const { received, unreadable } = read(event.Records, dependencies);
  const { near = [], far = [] } = Object.groupBy(received, ({ message }) =>
    message.at - soonMs > now() ? 'far' : 'near',
  );
  const failed = [...unreadable, ...(await attempt(far, () => putBack(far, dependencies), dependencies))];
  for (let left = near; left.length > 0; ) {
    const first = Math.min(...left.map(({ message }) => message.at));
    if (first - toleranceMs > now()) await dependencies.sleep(first - now());
    const { due = [], rest = [] } = Object.groupBy(left, ({ message }) =>
      message.at - toleranceMs > now() ? 'rest' : 'due',
    );
    failed.push(...(await attempt(due, () => forward(due, until, dependencies), dependencies)));
    left = rest;
  }
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** @param until when it is no longer waited for windows to become complete, ms */
async function forward(
  due: readonly Received[],
  until: number,
  dependencies: TicksDependencies,
): Promise<void> {
  const { isReplay, now, completeness, entries, telemetry } = dependencies;
  const wanted = Math.max(...due.map(({ message }) => message.dueAt));
  const isNew = isReplay || now() - wanted < waitedForMs;
  const reached = await completeness.reach(wanted, isNew ? Math.max(0, until - now()) : 0);
  const { complete = [], incomplete = [] } = Object.groupBy(due, ({ message }) =>
    message.dueAt <= reached ? 'complete' : 'incomplete',
  );
  await entries.publish(
    complete.map(({ message: { tick } }) => ({ partitionKey: tick.lotteryId, value: tickRecord(tick) })),
  );
  telemetry.count('ticksPutOff', incomplete.length);
  await putBack(
    incomplete.map((each) => putOff(each, dependencies)),
    dependencies,
  );
}

function read(
  records: readonly SQSRecord[],
  { telemetry }: TicksDependencies,
): { received: Received[]; unreadable: SQSRecord[] } {
  const received: Received[] = [];
  const unreadable: SQSRecord[] = [];
  for (const record of records) {
    const message = readMessage(record.body);
    if (message !== undefined) {
      received.push({ record, message });
      continue;
    }
    unreadable.push(record);
    telemetry.count('recordsIgnored');
    telemetry.warn('A message of the ticks queue cannot be read', { messageId: record.messageId });
  }
  return { received, unreadable };
}

function readMessage(body: string): TickMessage | undefined {
  try {
    return tickMessageSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** @returns what has to be delivered again: all, where it did not work */
async function attempt(
  received: readonly Received[],
  work: () => Promise<void>,
  { telemetry }: TicksDependencies,
): Promise<SQSRecord[]> {
  if (received.length === 0) return [];
  try {
    await work();
    return [];
  } catch (error) {
    const messageIds = received.map(({ record }) => record.messageId);
    telemetry.warn('Ticks could not be forwarded', { messageIds, error });
    return received.map(({ record }) => record);
  }
}

async function putBack(received: readonly Received[], { queue }: TicksDependencies): Promise<void> {
  if (received.length > 0) await queue.send(received.map(({ message }) => message));
}

/** In a replay it has waited since long ago, by the clicks' own time. */
function putOff({ record, message }: Received, { isReplay, now }: TicksDependencies): Received {
  const waited = isReplay ? 0 : now() - message.dueAt;
  const pauseMs = Math.min(mostPauseMs, Math.max(leastPauseMs, waited / 4));
  return { record, message: { ...message, at: Math.round(now() + pauseMs) } };
}
