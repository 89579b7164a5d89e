import { z } from 'zod';
import { invalid } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import type { Settings } from '../options.ts';
import { type Item, parseItem } from './attributes.ts';
import { noRoom } from './partitions.ts';
import type { StoredItem } from './table.ts';
import type { Tables } from './tables.ts';

/** DynamoDB API reference, BatchGetItem, BatchWriteItem and Scan, whose reads are not counted here. */
const KEYS_OF_A_CALL = 100;
const WRITES_OF_A_CALL = 25;
const BYTES_OF_A_BATCH = 16 * 1024 * 1024;
const BYTES_OF_A_PAGE = 1024 * 1024;

/** What `parseItem` looks at: a record of zod leaves out an attribute named `__proto__`. */
const attributes = z.unknown();

const getSchema = z.strictObject({
  RequestItems: z.record(
    z.string(),
    z.strictObject({ Keys: z.array(attributes).min(1), ConsistentRead: z.boolean().default(false) }),
  ),
});

const writeSchema = z.strictObject({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.strictObject({
        PutRequest: z.strictObject({ Item: attributes }).optional(),
        DeleteRequest: z.strictObject({ Key: attributes }).optional(),
      }),
    ),
  ),
});

const scanSchema = z.strictObject({
  TableName: z.string(),
  ConsistentRead: z.boolean().default(false),
  ExclusiveStartKey: attributes.optional(),
  Limit: z.int().min(1).optional(),
});

export function batchOperations(tables: Tables, { random }: Settings): Record<string, Operation> {
  return {
    BatchGetItem: operation(getSchema, ({ RequestItems }) => {
      const requests = Object.entries(RequestItems);
      const count = requests.reduce((sum, [, { Keys }]) => sum + Keys.length, 0);
      if (count > KEYS_OF_A_CALL) throw invalid('Too many items requested for the BatchGetItem call');
      const answer: { Responses: Record<string, Item[]>; UnprocessedKeys: typeof RequestItems } = {
        Responses: {},
        UnprocessedKeys: {},
      };
      let room = BYTES_OF_A_BATCH;
      for (const [name, request] of requests) {
        const { items, unread } = read(name, request, room);
        room -= items.reduce((sum, { bytes }) => sum + bytes, 0);
        answer.Responses[name] = items.map(({ item }) => item);
        if (unread.length > 0) answer.UnprocessedKeys[name] = { ...request, Keys: unread };
      }
      const left = Object.values(answer.UnprocessedKeys).reduce((sum, { Keys }) => sum + Keys.length, 0);
      if (left > 0 && left === count) throw noRoom();
      return answer;
    }),
    BatchWriteItem: operation(writeSchema, ({ RequestItems }) => {
      const writes = Object.entries(RequestItems).flatMap(([name, requests]) =>
        requests.map((request) => ({ table: tables.find(name), request, ...writeOf(name, request) })),
      );
      if (writes.length > WRITES_OF_A_CALL)
        throw invalid('Too many items requested for the BatchWriteItem call');
      refuseDuplicates(writes.map(({ table, identity }) => `${table.name}/${identity}`));
      const UnprocessedItems: typeof RequestItems = {};
      let done = 0;
      for (const { table, identity, item, request } of writes) {
        if (table.partitions.takesWrite(identity)) {
          table.set(identity, item);
          done += 1;
        } else UnprocessedItems[table.name] = [...(UnprocessedItems[table.name] ?? []), request];
      }
      if (done === 0 && writes.length > 0) throw noRoom();
      return { UnprocessedItems };
    }),
    Scan: operation(scanSchema, ({ TableName, ConsistentRead, ExclusiveStartKey: start, Limit }) => {
      const table = tables.find(TableName);
      const after = start === undefined ? undefined : table.key.identityOfKey(parseItem(start));
      const items: Item[] = [];
      let bytes = 0;
      for (const { item, bytes: size } of table.scan(ConsistentRead, after)) {
        items.push(item);
        bytes += size;
        if (bytes >= BYTES_OF_A_PAGE || items.length === Limit) {
          return { ...counted(items), LastEvaluatedKey: table.key.keyOf(item) };
        }
      }
      return counted(items);
    }),
  };

  /** The items come in no order that is promised, so not in that of the keys. */
  function read(
    name: string,
    { Keys, ConsistentRead }: { Keys: unknown[]; ConsistentRead: boolean },
    room: number,
  ) {
    const table = tables.find(name);
    const keys = Keys.map((key) => table.key.identityOfKey(parseItem(key)));
    refuseDuplicates(keys);
    const first = random.below(keys.length);
    const items: StoredItem[] = [];
    const unread: unknown[] = [];
    let left = room;
    for (let count = 0; count < keys.length; count += 1) {
      const index = (first + count) % keys.length;
      const identity = keys[index] ?? '';
      if (!table.partitions.givesRead(identity)) {
        unread.push(Keys[index] ?? {});
        continue;
      }
      const stored = table.read(identity, ConsistentRead);
      table.partitions.wasRead(identity, stored?.bytes ?? 0, ConsistentRead);
      if (stored === undefined) continue;
      left -= stored.bytes;
      if (left < 0) unread.push(Keys[index] ?? {});
      else items.push(stored);
    }
    return { items, unread };
  }

  function writeOf(
    name: string,
    { PutRequest, DeleteRequest }: z.output<typeof writeSchema>['RequestItems'][string][number],
  ) {
    const { key } = tables.find(name);
    if (PutRequest !== undefined && DeleteRequest === undefined) {
      const item = parseItem(PutRequest.Item);
      return { identity: key.identityOf(item), item };
    }
    if (DeleteRequest !== undefined && PutRequest === undefined) {
      return { identity: key.identityOfKey(parseItem(DeleteRequest.Key)), item: undefined };
    }
    throw invalid('Supplied AttributeValue has more than one datatypes set, or none');
  }
}

function refuseDuplicates(identities: readonly string[]): void {
  if (new Set(identities).size < identities.length) {
    throw invalid('Provided list of item keys contains duplicates');
  }
}

function counted(items: readonly Item[]) {
  return { Items: items, Count: items.length, ScannedCount: items.length };
}
