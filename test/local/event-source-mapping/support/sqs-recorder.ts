import { FunctionError, type FunctionHost } from '../../../../local/function-host.ts';

/** The event as a function sees it. */
export interface SqsEvent {
  Records: { messageId: string; body: string; receiptHandle: string; attributes: Record<string, string> }[];
}

/** A function that keeps what it was given and answers what it is told to; what it throws is a FunctionError. */
export class SqsRecorder implements FunctionHost {
  readonly events: SqsEvent[] = [];
  /** The most invocations at one time. */
  mostConcurrent = 0;
  #concurrent = 0;
  readonly #handler: (event: SqsEvent, count: number) => unknown;

  constructor(handler: (event: SqsEvent, count: number) => unknown = () => null) {
    this.#handler = handler;
  }

  /** The messages' bodies, by invocation. */
  get batches(): string[][] {
    return this.events.map(({ Records }) => Records.map(({ body }) => body));
  }

  async invoke(event: unknown): Promise<unknown> {
    const seen: SqsEvent = JSON.parse(JSON.stringify(event));
    this.events.push(seen);
    this.#concurrent += 1;
    this.mostConcurrent = Math.max(this.mostConcurrent, this.#concurrent);
    try {
      return await this.#handler(seen, this.events.length);
    } catch (error) {
      throw new FunctionError('recorder', 'Error', String(error));
    } finally {
      this.#concurrent -= 1;
    }
  }

  async close(): Promise<void> {}
}
