import type { Clock } from '../local/clock.ts';
import type { StreamReaderOptions, StreamRecord } from '../local/stream-reader.ts';
import { eventsOf } from './aggregated.ts';
import type { Environment } from './environment/open.ts';
import { outerOf, outputOf } from './environment/output.ts';
import { KinesisStreams } from './streams/kinesis-streams.ts';
import type { OuterName } from './streams/open.ts';
import type { OuterReader } from './streams/outer-streams.ts';

/** The most records that are looked through unless it is said otherwise: some 100 MB of events. */
const MOST_RECORDS = 500_000;
/** Wait after a round that brought nothing though there is more, ms: a shard is read five times a second at most. */
const EMPTY_MS = 250;

export interface ReadOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stream: OuterName | 'Entries';
  /** What arrived at or after it is read, ms; undefined: all that the stream still has. */
  readonly since?: number;
  /** Only the shards of this key, and only its records. */
  readonly partitionKey?: string;
  readonly most?: number;
}

/**
 * What is on a stream now, in order per shard.
 * @returns whether it was all: false where there was more than is read at most, or it was interrupted
 */
export async function readStream(
  options: ReadOptions,
  onRecord: (record: StreamRecord) => void,
): Promise<boolean> {
  const { environment, clock, signal, since = 0, partitionKey, most = MOST_RECORDS } = options;
  // The local engine does not answer where nothing is that new: there all is read, and what is older passed over.
  const from = environment.isLocal || options.since === undefined ? 'oldest' : since;
  const reader = readerOf(options, { from, ...(partitionKey !== undefined && { partitionKey }) });
  const until = clock.now();
  let count = 0;
  do {
    const records = await reader.poll();
    for (const record of records.flatMap(eventsOf)) {
      const isWanted = partitionKey === undefined || record.partitionKey === partitionKey;
      if (isWanted && record.arrival >= since) onRecord(record);
    }
    count += records.length;
    if (count >= most || signal.aborted) return false;
    if (records.length === 0 && !reader.hasReadUpTo(until)) await clock.sleep(EMPTY_MS, signal);
  } while (!reader.hasReadUpTo(until));
  return true;
}

/** What is within an environment is on Kinesis, whatever its connector. */
function readerOf({ environment, stream, clock }: ReadOptions, options: StreamReaderOptions): OuterReader {
  if (stream !== 'Entries') return environment.streams.reader(outerOf(environment, stream), clock, options);
  const entries = new KinesisStreams(environment.clients.kinesis);
  return entries.reader(outputOf(environment, 'EntriesStreamName'), clock, options);
}
