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
}

interface Answer {
  records: StreamRecord[];
  /** Undefined at the end of a closed shard. */
  next: string | undefined;
}

export interface ShardReaderOptions {
  stream: string;
  shardId: string;
  /** The sequence number after which to read; undefined: from the shard's oldest record. */
  after: string | undefined;
  /** Records in one page, at most 10,000. */
  limit: number;
}

/**
 * Reads one shard in order, from its oldest record or after a given one.
 *
 * Until the first record was read, every poll asks for the oldest record again and does not follow the answer's
 * next iterator. kinesalite makes that iterator from the second of the poll; the first record of a shard, stamped
 * just before that second and visible just after, would lie behind it and be lost. The next iterator is then only
 * used to learn whether the shard has ended. From the first record on kinesalite counts, and nothing can be skipped.
 */
export class ShardReader {
  readonly #client: KinesisClient;
  readonly #stream: string;
  readonly #shardId: string;
  readonly #limit: number;
  /** The last record that was read. */
  #last: string | undefined;
  #oldest: string | undefined;
  #next: string | undefined;

  constructor(client: KinesisClient, { stream, shardId, after, limit }: ShardReaderOptions) {
    this.#client = client;
    this.#stream = stream;
    this.#shardId = shardId;
    this.#last = after;
    this.#limit = limit;
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
        this.#oldest = undefined;
        this.#next = undefined;
      }
      throw error;
    }
  }

  async #pollFirst(signal?: AbortSignal): Promise<Page> {
    this.#oldest ??= await this.#iterator({ ShardIteratorType: 'TRIM_HORIZON' }, signal);
    const probe = this.#next === undefined ? undefined : await this.#get(this.#next, signal);
    const answer = await this.#get(this.#oldest, signal);
    const closed = probe?.next === undefined && probe?.records.length === 0;
    return this.#accept(answer, answer.records.length === 0 && closed);
  }

  async #pollOn(last: string, signal?: AbortSignal): Promise<Page> {
    this.#next ??= await this.#iterator(
      { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last },
      signal,
    );
    return this.#accept(await this.#get(this.#next, signal), false);
  }

  #accept({ records, next }: Answer, ended: boolean): Page {
    this.#next = next;
    this.#last = records.at(-1)?.SequenceNumber ?? this.#last;
    return { records, ended: ended || next === undefined };
  }

  async #get(iterator: string, abortSignal?: AbortSignal): Promise<Answer> {
    const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: this.#limit });
    const { Records, NextShardIterator } = await this.#client.send(command, abortSignal && { abortSignal });
    return { records: Records ?? [], next: NextShardIterator ?? undefined };
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
  | { ShardIteratorType: 'TRIM_HORIZON' }
  | { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER'; StartingSequenceNumber: string };
