import type { KinesisClient, PutRecordsRequestEntry, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { mapBounded } from '../batch/map-bounded.ts';
import type { StreamPublisher, StreamRecord } from '../ports/ports.ts';
import { recordJson } from '../ports/record-json.ts';
import { PublishError } from './publish-error.ts';
import type { Progress, RetryPolicy } from './retry.ts';
import { sendRemaining, standardRetry } from './retry.ts';

/**
 * PutRecords takes 500 records and 10 MiB a call, partition keys included (Kinesis API reference). A call is kept to less
 * than half of that: a shard takes 1 MB a second, so that more in one call only fails in larger parts.
 */
const maximumRecords = 500;
const maximumBytes = 4.5 * 1024 * 1024;
const callsInFlight = 4;

type OnTaken = (entry: PutRecordsRequestEntry, shardId: string) => void;

/**
 * PutRecords can fail in part: what failed is put again, alone, as long as any of the records get through. Many
 * records for one shard take as long as it needs for them.
 */
export class KinesisPublisher implements StreamPublisher {
  readonly #client: KinesisClient;
  readonly #stream: string;
  readonly #retry: RetryPolicy;

  constructor(client: KinesisClient, stream: string, retry: RetryPolicy = standardRetry) {
    this.#client = client;
    this.#stream = stream;
    this.#retry = retry;
  }

  async publish(records: Iterable<StreamRecord>): Promise<void> {
    await this.put(requestEntries(records));
  }

  /** @param onTaken told of each entry once it is on the stream, and of its shard @throws as `publish` */
  async put(entries: Iterable<PutRecordsRequestEntry>, onTaken: OnTaken = () => {}): Promise<void> {
    const progress = { done: 0 };
    await mapBounded(callsInFlight, inCalls(entries), (call) => this.#putAll(call, progress, onTaken));
  }

  async #putAll(
    entries: readonly PutRecordsRequestEntry[],
    progress: Progress,
    onTaken: OnTaken,
  ): Promise<void> {
    let lastError = '';
    const send = async (remaining: readonly PutRecordsRequestEntry[]) => {
      const input = { StreamName: this.#stream, Records: [...remaining] };
      const { Records: results = [] } = await this.#client.send(new PutRecordsCommand(input));
      lastError = results.find(isFailure)?.ErrorCode ?? lastError;
      for (const [index, entry] of remaining.entries()) {
        const { ShardId, ErrorCode } = results[index] ?? {};
        if (ShardId !== undefined && ErrorCode === undefined) onTaken(entry, ShardId);
      }
      // A result that is missing is no success.
      return remaining.filter((_, index) => isFailure(results[index]));
    };
    const left = await sendRemaining(entries, send, this.#retry, progress);
    if (left.length > 0) {
      throw new PublishError(this.#stream, left.length, this.#retry.attempts, lastError);
    }
  }
}

function isFailure(result: PutRecordsResultEntry | undefined): boolean {
  return result === undefined || result.ErrorCode !== undefined;
}

function* requestEntries(records: Iterable<StreamRecord>): Generator<PutRecordsRequestEntry> {
  for (const record of records) {
    const { partitionKey, explicitHashKey } = record;
    const entry = { PartitionKey: partitionKey, Data: Buffer.from(recordJson(record)) };
    yield explicitHashKey === undefined ? entry : { ...entry, ExplicitHashKey: explicitHashKey };
  }
}

function* inCalls(entries: Iterable<PutRecordsRequestEntry>): Generator<PutRecordsRequestEntry[]> {
  let call: PutRecordsRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = (entry.Data?.length ?? 0) + Buffer.byteLength(entry.PartitionKey ?? '');
    if (call.length === maximumRecords || (call.length > 0 && bytes + size > maximumBytes)) {
      yield call;
      call = [];
      bytes = 0;
    }
    call.push(entry);
    bytes += size;
  }
  if (call.length > 0) yield call;
}
