import type { KinesisStreamRecord } from 'aws-lambda';
import { FunctionError, type FunctionHost } from '../../../../local/function-host.ts';

/** The event as a function sees it; the window's fields only with a tumbling window. */
export interface SeenEvent {
  Records: KinesisStreamRecord[];
  window?: { start: string; end: string };
  state?: Record<string, unknown>;
  shardId?: string;
  eventSourceARN?: string;
  isFinalInvokeForWindow?: boolean;
  isWindowTerminatedEarly?: boolean;
}

/** The text of each record. */
export const texts = ({ Records }: Pick<SeenEvent, 'Records'>): string[] =>
  Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());

/** A function that keeps every event it was given, as JSON carried it, and answers what it is told to. */
export class RecordingHost implements FunctionHost {
  readonly events: SeenEvent[] = [];
  /** Size in bytes of each event. */
  readonly sizes: number[] = [];
  /** The most invocations at one time. */
  mostConcurrent = 0;
  #concurrent = 0;
  readonly #handler: (event: SeenEvent, count: number) => unknown;

  /** @param handler gets the event and which invocation it is, from 1; what it throws is a FunctionError. */
  constructor(handler: (event: SeenEvent, count: number) => unknown = () => null) {
    this.#handler = handler;
  }

  /** The texts of the records, by invocation. */
  get batches(): string[][] {
    return this.events.map(texts);
  }

  async invoke(event: unknown): Promise<unknown> {
    const json = JSON.stringify(event);
    const seen: SeenEvent = JSON.parse(json);
    this.sizes.push(Buffer.byteLength(json));
    this.events.push(seen);
    this.#concurrent += 1;
    this.mostConcurrent = Math.max(this.mostConcurrent, this.#concurrent);
    try {
      return await this.#handler(seen, this.events.length);
    } catch (error) {
      if (error instanceof NotInvoked) throw error;
      throw new FunctionError('recorder', 'Error', String(error), { cause: error });
    } finally {
      this.#concurrent -= 1;
    }
  }

  async close(): Promise<void> {}
}

/** Thrown by a handler: the function could not be invoked at all (throttled, say). */
export class NotInvoked extends Error {}
