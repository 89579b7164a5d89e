import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { TickMessage } from '../../core/entries-records.ts';
import { tickMessageSchema } from '../../core/entries-records.ts';
import type { StreamPublisher, TickQueue } from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

export interface TicksDependencies {
  readonly entries: StreamPublisher;
  readonly queue: TickQueue;
  readonly telemetry: Telemetry;
  readonly now: () => number;
}

/** SQS delays are whole seconds on a clock of its own: a message this early is taken as due, ms. */
const toleranceMs = 50;

/**
 * One batch of the ticks queue: what is due goes on the entries stream, what is not (a delay is at most 15
 * minutes) back on the queue. A message that is dealt with twice ticks twice, which does no harm.
 */
export async function processTicks(
  event: SQSEvent,
  dependencies: TicksDependencies,
): Promise<SQSBatchResponse> {
  const results = await Promise.all(
    event.Records.map(async (record) => ((await handleTick(record, dependencies)) ? [] : [record])),
  );
  return { batchItemFailures: results.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** @returns whether it worked; SQS delivers the others again, and gives them up to the dead-letter queue in the end */
async function handleTick(record: SQSRecord, dependencies: TicksDependencies): Promise<boolean> {
  const { telemetry } = dependencies;
  const message = readMessage(record.body);
  if (message === undefined) {
    telemetry.count('recordsIgnored');
    telemetry.warn('A message of the ticks queue cannot be read', { messageId: record.messageId });
    return false;
  }
  try {
    await forward(message, dependencies);
    return true;
  } catch (error) {
    telemetry.warn('A tick could not be forwarded', { messageId: record.messageId, error });
    return false;
  }
}

function readMessage(body: string): TickMessage | undefined {
  try {
    return tickMessageSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

async function forward(message: TickMessage, { entries, queue, now }: TicksDependencies): Promise<void> {
  if (message.at - toleranceMs > now()) return queue.send([message]);
  return entries.publish([{ partitionKey: message.record.lotteryId, value: message.record }]);
}
