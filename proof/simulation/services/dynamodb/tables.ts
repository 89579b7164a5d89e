import { z } from 'zod';
import { tableDefinition } from '../../../../local/engines/table-definition.ts';
import { ServiceError } from '../errors.ts';
import type { Operation } from '../json-service.ts';
import { operation } from '../json-service.ts';
import type { Settings } from '../options.ts';
import { Table } from './table.ts';

const named = z.strictObject({ TableName: z.string() });

/** Requests: made once, and not with each account. */
const schemas = {
  CreateTable: z.strictObject({ ...named.shape, ...tableDefinition.shape }),
  ListTables: z.strictObject({}),
  UpdateContinuousBackups: named.extend({
    PointInTimeRecoverySpecification: z.strictObject({ PointInTimeRecoveryEnabled: z.boolean() }),
  }),
};

/** The tables of one account. They are active, and gone, at once. */
export class Tables {
  readonly #settings: Settings;
  readonly #tables = new Map<string, Table>();
  /** Those with point-in-time recovery. */
  readonly #recoverable = new Set<string>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /** @throws ServiceError */
  find(name: string): Table {
    const table = this.#tables.get(name);
    if (table !== undefined) return table;
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${name} not found`,
    );
  }

  get operations(): Record<string, Operation> {
    return {
      CreateTable: operation(schemas.CreateTable, ({ TableName: name, ...definition }) => {
        if (this.#tables.has(name)) {
          throw new ServiceError('ResourceInUseException', `Table already exists: ${name}`);
        }
        const table = new Table(name, definition, this.#settings);
        this.#tables.set(name, table);
        return { TableDescription: this.#description(table) };
      }),
      DescribeTable: operation(named, ({ TableName }) => ({
        Table: this.#description(this.find(TableName)),
      })),
      ListTables: operation(schemas.ListTables, () => ({ TableNames: [...this.#tables.keys()].sort() })),
      UpdateContinuousBackups: operation(
        schemas.UpdateContinuousBackups,
        ({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: isOn } }) => {
          this.find(TableName);
          if (isOn) this.#recoverable.add(TableName);
          else this.#recoverable.delete(TableName);
          return this.#backups(TableName);
        },
      ),
      DescribeContinuousBackups: operation(named, ({ TableName }) =>
        this.#backups(this.find(TableName).name),
      ),
    };
  }

  /** Nothing can be restored here: only whether it was asked for is kept. */
  #backups(name: string) {
    const status = this.#recoverable.has(name) ? 'ENABLED' : 'DISABLED';
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
      },
    };
  }

  #description({ name, createdAt, definition }: Table) {
    const { region, accountId } = this.#settings;
    const { KeySchema, AttributeDefinitions, BillingMode, ProvisionedThroughput } = definition;
    return {
      TableName: name,
      TableArn: `arn:aws:dynamodb:${region}:${accountId}:table/${name}`,
      TableStatus: 'ACTIVE',
      CreationDateTime: createdAt / 1000,
      KeySchema,
      AttributeDefinitions,
      ...(BillingMode && { BillingModeSummary: { BillingMode } }),
      ...(ProvisionedThroughput && { ProvisionedThroughput }),
    };
  }
}
