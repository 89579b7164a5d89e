import type { AwsAnswer, AwsCall } from '../../../../local/proxy/aws-call.ts';
import { answerJson } from '../json-service.ts';
import type { Settings } from '../options.ts';
import type { Item } from './attributes.ts';
import { batchOperations } from './batch-operations.ts';
import { itemOperations } from './item-operations.ts';
import { statementOperations } from './statement-operations.ts';
import { Tables } from './tables.ts';

/** DynamoDB, as far as the system uses it. */
export class DynamoDb {
  readonly #tables: Tables;
  readonly #service;

  constructor(settings: Settings) {
    this.#tables = new Tables(settings);
    this.#service = {
      contentType: 'application/x-amz-json-1.0',
      operations: {
        ...this.#tables.operations,
        ...itemOperations(this.#tables),
        ...batchOperations(this.#tables, settings),
        ...statementOperations(this.#tables),
      },
    };
  }

  answer(call: AwsCall): AwsAnswer {
    return answerJson(this.#service, call);
  }

  /** The items of a table as they are now. @throws ServiceError when there is no such table */
  items(table: string): Item[] {
    return [...this.#tables.find(table).scan(true)].map(({ item }) => item);
  }
}
