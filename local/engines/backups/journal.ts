import { z } from 'zod';
import type { CallEngine, EngineAnswer } from '../dynamodb-front.ts';
import { type Attributes, type ItemWrite, keyFrom } from './history.ts';
import type { KeptHistory } from './history-file.ts';

const attributes = z.record(z.string(), z.unknown());
const put = z.object({ TableName: z.string(), Item: attributes });
const keyed = z.object({ TableName: z.string(), Key: attributes });
const request = z.object({
  PutRequest: z.object({ Item: attributes }).optional(),
  DeleteRequest: z.object({ Key: attributes }).optional(),
});
const batch = z.object({ RequestItems: z.record(z.string(), z.array(request)) });
const got = z.object({ Item: attributes.optional() });

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

export function isWrite(operation: string): boolean {
  return WRITES.includes(operation);
}

/**
 * Writes the journals of the tables that have point-in-time recovery. Writes go to the engine one at a time, so that the
 * item that is read after an update is what that update made of it: recovery makes tables slower here, not on AWS.
 */
export class Journal {
  readonly #kept: KeptHistory;
  #last: Promise<unknown> = Promise.resolve();

  constructor(kept: KeptHistory) {
    this.#kept = kept;
  }

  /** Carries a write out and notes what came of it. */
  write(operation: string, input: object, call: CallEngine): Promise<EngineAnswer> {
    return this.alone(async () => {
      const answer = await call(operation, input);
      if (answer.status === 200) await this.#note(operation, input, call);
      return answer;
    });
  }

  /** Runs `work` while nothing is written. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #note(operation: string, input: object, call: CallEngine): Promise<void> {
    for (const [table, items] of await this.#writesOf(operation, input, call)) {
      if (items.length === 0) continue;
      this.#kept.add({ kind: 'written', table, at: Date.now(), writes: items });
    }
  }

  async #writesOf(operation: string, input: object, call: CallEngine): Promise<[string, ItemWrite[]][]> {
    if (operation === 'PutItem') {
      const { TableName, Item } = put.parse(input);
      return [[TableName, this.#putOf(TableName, Item)]];
    }
    if (operation === 'BatchWriteItem') {
      return Object.entries(batch.parse(input).RequestItems).map(([table, requests]) => [
        table,
        requests.flatMap(({ PutRequest, DeleteRequest }) =>
          PutRequest ? this.#putOf(table, PutRequest.Item) : this.#deleteOf(table, DeleteRequest?.Key),
        ),
      ]);
    }
    const { TableName, Key } = keyed.parse(input);
    if (operation === 'DeleteItem') return [[TableName, this.#deleteOf(TableName, Key)]];
    if (this.#kept.history.keyOf(TableName) === undefined) return [];
    const { body } = await call('GetItem', { TableName, Key, ConsistentRead: true });
    return [[TableName, [{ key: Key, item: got.parse(body).Item }]]];
  }

  #putOf(table: string, item: Attributes): ItemWrite[] {
    const names = this.#kept.history.keyOf(table);
    return names === undefined ? [] : [{ key: keyFrom(item, names), item }];
  }

  #deleteOf(table: string, key: Attributes | undefined): ItemWrite[] {
    const isKept = this.#kept.history.keyOf(table) !== undefined;
    return isKept && key !== undefined ? [{ key }] : [];
  }
}
