import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { mapBounded } from '../batch/map-bounded.ts';
import type { WriteResult } from '../ports/ports.ts';
import type { AttributeMap, Item } from './attribute-values.ts';
import { fromAttributes, toAttributes } from './attribute-values.ts';
import type { Progress, RetryPolicy } from './retry.ts';
import { sendRemaining, standardRetry } from './retry.ts';
import type { Statement } from './statement-writer.ts';
import { writeStatements } from './statement-writer.ts';

export type Key = Record<string, string | number>;

/** BatchGetItem: 100 keys a call, none twice; keys come back unprocessed when the answer would exceed 16 MB or throughput. */
const maximumKeys = 100;
const readsInFlight = 8;
const writesInFlight = 32;

export interface ConditionalPut {
  readonly item: Item;
  readonly condition: string;
  readonly values?: Record<string, unknown>;
}

/** One table, by its key. Items are plain objects; the tables beside this file say what is in them. */
export class DynamoTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;
  readonly #retry: RetryPolicy;

  constructor(client: DynamoDBClient, name: string, retry: RetryPolicy = standardRetry) {
    this.#client = client;
    this.#name = name;
    this.#retry = retry;
  }

  get name(): string {
    return this.#name;
  }

  /**
   * The items that are there, in no order. @param keys distinct
   * @throws TypeError when one has an attribute of a type that these tables do not use
   */
  async getAll(keys: readonly Key[], consistent: boolean): Promise<Item[]> {
    return (await this.getAllAttributes(keys, consistent)).map(fromAttributes);
  }

  /** As they are stored: where others than functions write, one that cannot be read must not hide the rest. */
  async getAllAttributes(keys: readonly Key[], consistent: boolean): Promise<AttributeMap[]> {
    const chunks: AttributeMap[][] = [];
    for (let start = 0; start < keys.length; start += maximumKeys) {
      chunks.push(keys.slice(start, start + maximumKeys).map(toAttributes));
    }
    const progress = { done: 0 };
    const read = (chunk: readonly AttributeMap[]) => this.#getChunk(chunk, consistent, progress);
    return (await mapBounded(readsInFlight, chunks, read)).flat();
  }

  async #getChunk(
    keys: readonly AttributeMap[],
    consistent: boolean,
    progress: Progress,
  ): Promise<AttributeMap[]> {
    const items: AttributeMap[] = [];
    const read = async (remaining: readonly AttributeMap[]): Promise<readonly AttributeMap[]> => {
      const request = { Keys: [...remaining], ConsistentRead: consistent };
      const command = new BatchGetItemCommand({ RequestItems: { [this.#name]: request } });
      const { Responses, UnprocessedKeys } = await this.#client.send(command);
      items.push(...(Responses?.[this.#name] ?? []));
      return UnprocessedKeys?.[this.#name]?.Keys ?? [];
    };
    const left = await sendRemaining(keys, read, this.#retry, progress);
    if (left.length > 0) throw new Error(`${left.length} items of ${this.#name} could not be read`);
    return items;
  }

  /**
   * Runs statements that each write one item of this table under a condition. One result for each, in order.
   * @param statements taken as calls go out: those of a large batch are never in memory all at once
   */
  execute(statements: Iterable<Statement>): Promise<WriteResult[]> {
    return writeStatements(this.#client, statements, this.#retry);
  }

  /**
   * Puts each item under its own condition, a call each. One result for each, in order. For what is rare: a
   * lottery starts and stops once in a long time, and draws are one per lottery and window.
   */
  putAll(puts: readonly ConditionalPut[]): Promise<WriteResult[]> {
    return mapBounded(writesInFlight, puts, async ({ item, condition, values }): Promise<WriteResult> => {
      try {
        await this.#client.send(
          new PutItemCommand({
            TableName: this.#name,
            Item: toAttributes(item),
            ConditionExpression: condition,
            ...(values && { ExpressionAttributeValues: toAttributes(values) }),
          }),
        );
        return { kind: 'written' };
      } catch (error) {
        return error instanceof ConditionalCheckFailedException
          ? { kind: 'conflict' }
          : { kind: 'failed', error };
      }
    });
  }

  /**
   * Puts the item if its key is not there.
   * @returns the item that is there now: this one, or an earlier one, which was never changed since
   */
  async putIfAbsent(item: Item, key: Key): Promise<{ stored: Item; isNew: boolean }> {
    const [partitionKey] = Object.keys(key);
    const [result] = await this.putAll([{ item, condition: `attribute_not_exists(${partitionKey})` }]);
    if (result?.kind === 'written') return { stored: item, isNew: true };
    if (result?.kind !== 'conflict') throw result?.error;
    // Not ReturnValuesOnConditionCheckFailure: not every engine that this runs on has it, and this is rare.
    const stored = await this.get(key);
    if (stored === undefined) throw new Error(`Item ${JSON.stringify(key)} of ${this.#name} has vanished`);
    return { stored, isNew: false };
  }

  /** One item, as every write that was confirmed left it. */
  async get(key: Key): Promise<Item | undefined> {
    const command = new GetItemCommand({
      TableName: this.#name,
      Key: toAttributes(key),
      ConsistentRead: true,
    });
    const { Item: item } = await this.#client.send(command);
    return item && fromAttributes(item);
  }
  /** The items of a partition whose sort key begins so, in its order, as every write that was confirmed left them. */
  async query(partition: Key, prefix: Record<string, string>): Promise<Item[]> {
    const [[partitionKey, partitionValue] = []] = Object.entries(partition);
    const [[sortKey, beginning] = []] = Object.entries(prefix);
    const items: Item[] = [];
    let start: AttributeMap | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#name,
        ConsistentRead: true,
        KeyConditionExpression: '#partition = :partition AND begins_with(#sort, :beginning)',
        ExpressionAttributeNames: { '#partition': partitionKey ?? '', '#sort': sortKey ?? '' },
        ExpressionAttributeValues: toAttributes({ ':partition': partitionValue, ':beginning': beginning }),
        ...(start && { ExclusiveStartKey: start }),
      });
      const { Items = [], LastEvaluatedKey } = await this.#client.send(command);
      items.push(...Items.map((item) => fromAttributes(item)));
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  }

  /** Deletes an item where the condition holds; else does nothing. */
  async deleteIf(key: Key, { condition, values }: Omit<ConditionalPut, 'item'>): Promise<void> {
    const command = new DeleteItemCommand({
      TableName: this.#name,
      Key: toAttributes(key),
      ConditionExpression: condition,
      ...(values && { ExpressionAttributeValues: toAttributes(values) }),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
