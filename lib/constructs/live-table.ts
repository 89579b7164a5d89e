import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';

export interface LiveTableProps {
  /** Prefix of the physical name: the environment. */
  readonly environment: string;
  readonly encryption: Encryption;
}

/** What the live function does with it (lambda/adapters/live-table.ts, live-list-table.ts). */
const operations = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query'];

/**
 * What the page shows, as far as it has been counted. No data: the streams have all that it is made of, and the tables what
 * counts. So it goes with its stack, and nothing of it is ever restored.
 */
export class LiveTable extends Construct {
  readonly table: ITable;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, { environment, encryption }: LiveTableProps) {
    super(scope, id);
    this.encryption = encryption;
    const { key } = encryption;
    this.table = new Table(this, 'Table', {
      tableName: `${environment}-live`,
      partitionKey: { name: 'lottery', type: AttributeType.STRING },
      sortKey: { name: 'part', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(key && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Count, and say what is published. */
  grantCount(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: operations.map((operation) => `dynamodb:${operation}`),
      resourceArns: [this.table.tableArn],
    }).combine(this.encryption.grantWriteTable(grantee));
  }
}
