import { z } from 'zod';
import { invalid, NotEmulatedError, ServiceError } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import { type Item, parseItem } from './attributes.ts';
import { meets, parseCondition } from './expressions/condition.ts';
import { Placeholders } from './expressions/placeholders.ts';
import { applyUpdate, changedAttributes, parseUpdate } from './expressions/update.ts';
import { noRoom } from './partitions.ts';
import { remember } from './remember.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

/** What `parseItem` looks at: a record of zod leaves out an attribute named `__proto__`. */
const attributes = z.unknown();

/** What every write of one item may have. */
const write = {
  TableName: z.string(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()).optional(),
  ReturnValues: z.enum(['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']).default('NONE'),
  ReturnValuesOnConditionCheckFailure: z.enum(['NONE', 'ALL_OLD']).default('NONE'),
};

const putSchema = z.strictObject({ ...write, Item: attributes });
const deleteSchema = z.strictObject({ ...write, Key: attributes });
const updateSchema = z.strictObject({ ...write, Key: attributes, UpdateExpression: z.string().optional() });
const getSchema = z.strictObject({
  TableName: z.string(),
  Key: attributes,
  ConsistentRead: z.boolean().default(false),
});

type Write = z.output<z.ZodObject<typeof write>>;

const condition = remember(parseCondition);
const update = remember(parseUpdate);

/** @param tables of the account */
export function itemOperations(tables: Tables): Record<string, Operation> {
  return {
    GetItem: operation(getSchema, ({ TableName, Key, ConsistentRead }) => {
      const table = tables.find(TableName);
      const identity = table.key.identityOfKey(parseItem(Key));
      if (!table.partitions.givesRead(identity)) throw noRoom();
      const stored = table.read(identity, ConsistentRead);
      table.partitions.wasRead(identity, stored?.bytes ?? 0, ConsistentRead);
      return stored === undefined ? {} : { Item: stored.item };
    }),
    PutItem: operation(putSchema, (input) => {
      const table = tables.find(input.TableName);
      const item = parseItem(input.Item);
      return change(table, table.key.identityOf(item), input, () => item);
    }),
    DeleteItem: operation(deleteSchema, (input) => {
      const table = tables.find(input.TableName);
      return change(table, table.key.identityOfKey(parseItem(input.Key)), input, () => undefined);
    }),
    UpdateItem: operation(updateSchema, (input) => {
      const table = tables.find(input.TableName);
      const key = parseItem(input.Key);
      const { UpdateExpression: text } = input;
      const changes = text === undefined ? undefined : update(text);
      return change(table, table.key.identityOfKey(key), input, (before, placeholders) => {
        // An item that is not there is made of its key.
        if (changes === undefined) return before ?? key;
        const changed = changedAttributes(changes, placeholders).find((name) => table.key.isKey(name));
        if (changed !== undefined) {
          throw invalid(`Cannot update attribute ${changed}. This attribute is part of the key`);
        }
        return applyUpdate(changes, before ?? key, placeholders);
      });
    }),
  };
}

/** One write under its condition. @param next what becomes of the item; undefined: nothing is left of it */
function change(
  table: Table,
  identity: string,
  input: Write,
  next: (before: Item | undefined, placeholders: Placeholders) => Item | undefined,
): object {
  const placeholders = new Placeholders(input);
  if (!table.partitions.takesWrite(identity)) throw noRoom();
  const before = table.get(identity);
  const { ConditionExpression: text } = input;
  const isMet = text === undefined || meets(condition(text), before, placeholders);
  if (!isMet) {
    table.refused(identity);
    const isShown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before !== undefined;
    const message = 'The conditional request failed';
    throw new ServiceError('ConditionalCheckFailedException', message, isShown ? { Item: before } : {});
  }
  const after = next(before, placeholders);
  placeholders.checkAllUsed();
  table.set(identity, after);
  return returned(input.ReturnValues, before, after);
}

function returned(values: Write['ReturnValues'], before: Item | undefined, after: Item | undefined): object {
  switch (values) {
    case 'NONE':
      return {};
    case 'ALL_OLD':
      return before === undefined ? {} : { Attributes: before };
    case 'ALL_NEW':
      return { Attributes: after };
    case 'UPDATED_OLD':
    case 'UPDATED_NEW':
      throw new NotEmulatedError(`ReturnValues ${values}`);
    default:
      return values satisfies never;
  }
}
