import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  type _Record as StreamRecord,
} from '@aws-sdk/client-kinesis';

export interface Page {
  records: readonly StreamRecord[];
  /** The shard is closed and everything in it has been read. */
  ended: boolean;
  /** How far behind the end of the shard it was, ms, by the service's word: where it is more than 0 there is more to read. */
  behindMs: number;
}

/** Polls of an empty shard that is followed. */
const PROBE_EVERY = 4;

interface Answer {
  records: StreamRecord[];
  /** Undefined at the end of a closed shard. */
  next: string | undefined;
  behindMs: number;
}

export interface ShardReaderOptions {
  stream: string;
  shardId: string;
  /** The sequence number after which to read; undefined: from the shard's oldest record. */
  after: string | undefined;
  /** Records in one page, at most 10,000. */
  limit: number;
  /** Where it begins if there is nothing to read after. Default: at the oldest. */
  from?: ShardStart;
}

/** The oldest record; what comes after the first poll, or after `begin`; or what came at a time or later, ms. */
export type ShardStart = 'oldest' | 'latest' | number;

/**
 * Reads one shard in order, from where it is told to, most often its oldest record, or after a given one.
 *
 * Until the first record was read, every poll asks for the same beginning again and does not follow the answer's
 * next iterator. kinesalite makes that iterator from the second of the poll; the first record of a shard, stamped
 * just before that second and visible just after, would lie behind it and be lost. The next iterator is then only
 * used to learn whether the shard has ended. From the first record on kinesalite counts, and nothing can be skipped.
 */
export class ShardReader {
  readonly #client: KinesisClient;
  readonly #stream: string;
  readonly #shardId: string;
  readonly #limit: number;
  readonly #from: ShardStart;
  /** The last record that was read. */
  #last: string | undefined;
  #first: string | undefined;
  #next: string | undefined;
  /** Polls that brought nothing, before the first record. */
  #empty = 0;

  constructor(client: KinesisClient, { stream, shardId, after, limit, from = 'oldest' }: ShardReaderOptions) {
    this.#client = client;
    this.#stream = stream;
    this.#shardId = shardId;
    this.#last = after;
    this.#limit = limit;
    this.#from = from;
  }

  /** With `latest`: what comes from now on is read. @throws what the client throws */
  async begin(signal?: AbortSignal): Promise<void> {
    this.#first ??= await this.#iterator(positionOf(this.#from), signal);
  }

  /**
   * The next page, which may be empty.
   * @throws what the client throws (throttled, expired iterator, aborted, no connection). The position is kept: the
   * next call goes on after the last record that was read.
   */
  async poll(signal?: AbortSignal): Promise<Page> {
    try {
      return this.#last === undefined
        ? await this.#pollFirst(signal)
        : await this.#pollOn(this.#last, signal);
    } catch (error) {
      if (error instanceof ExpiredIteratorException) {
        // Of what has come since, LATEST would know nothing.
        this.#first = this.#from === 'latest' ? this.#next : undefined;
        this.#next = undefined;
      }
      throw error;
    }
  }

  async #pollFirst(signal?: AbortSignal): Promise<Page> {
    this.#first ??= await this.#iterator(positionOf(this.#from), signal);
    const probe =
      this.#next === undefined || !this.#isProbing() ? undefined : await this.#get(this.#next, signal);
    const answer = await this.#get(this.#first, signal);
    const closed = probe?.next === undefined && probe?.records.length === 0;
    // A stretch without records, with more behind it: on AWS a shard that has lost its oldest begins with some.
    if (answer.records.length === 0 && answer.behindMs > 0) this.#first = answer.next ?? this.#first;
    return this.#accept(answer, answer.records.length === 0 && closed);
  }

  /** A shard that is followed is read by others too, and five times a second at most: that it has ended can wait. */
  #isProbing(): boolean {
    this.#empty += 1;
    return this.#from === 'oldest' || this.#empty % PROBE_EVERY === 0;
  }

  async #pollOn(last: string, signal?: AbortSignal): Promise<Page> {
    this.#next ??= await this.#iterator(
      { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last },
      signal,
    );
    return this.#accept(await this.#get(this.#next, signal), false);
  }

  #accept({ records, next, behindMs }: Answer, ended: boolean): Page {
    this.#next = next;
    this.#last = records.at(-1)?.SequenceNumber ?? this.#last;
    return { records, ended: ended || next === undefined, behindMs };
  }

  async #get(iterator: string, abortSignal?: AbortSignal): Promise<Answer> {
    const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: this.#limit });
    const answer = await this.#client.send(command, abortSignal && { abortSignal });
    const { Records: records = [], NextShardIterator: next, MillisBehindLatest: behindMs = 0 } = answer;
    return { records, next: next ?? undefined, behindMs };
  }

  async #iterator(position: Position, abortSignal?: AbortSignal): Promise<string> {
    const command = new GetShardIteratorCommand({
      StreamName: this.#stream,
      ShardId: this.#shardId,
      ...position,
    });
    const { ShardIterator } = await this.#client.send(command, abortSignal && { abortSignal });
    if (!ShardIterator) throw new Error(`No iterator for ${this.#shardId} of ${this.#stream}`);
    return ShardIterator;
  }
}

type Position =
  | { ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' }
  | { ShardIteratorType: 'AT_TIMESTAMP'; Timestamp: Date }
  | { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER'; StartingSequenceNumber: string };

function positionOf(from: ShardStart): Position {
  if (from === 'oldest') return { ShardIteratorType: 'TRIM_HORIZON' };
  if (from === 'latest') return { ShardIteratorType: 'LATEST' };
  return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(from) };
}
