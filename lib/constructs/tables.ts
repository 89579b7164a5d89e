import {
  AttributeType,
  BillingMode,
  type ITable,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { removalPolicy } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { Encryption } from './encryption.ts';

export interface TablesProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly encryption: Encryption;
}

const readActions = ['dynamodb:BatchGetItem', 'dynamodb:GetItem'];

/** The three tables and who may do what with them. No function may scan, query or delete. */
export class Tables extends Construct {
  readonly users: ITable;
  readonly lotteries: ITable;
  readonly draws: ITable;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    this.encryption = props.encryption;
    this.users = this.table('users', 'userId', props);
    // Run 0 is the lottery as it is now; ended runs that a restart replaced stay under their own number.
    this.lotteries = this.table('lotteries', 'lotteryId', props, 'run');
    this.draws = this.table('draws', 'drawId', props);
  }

  /** Every table, by the name that it has without the environment's prefix. */
  get byName(): Readonly<Record<string, ITable>> {
    return { users: this.users, lotteries: this.lotteries, draws: this.draws };
  }

  /** Start and stop lotteries. Lotteries hold the seeds: whoever reads them can foretell draws. */
  grantManageLotteries(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.lotteries, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }

  /** End a lottery after its last draw, and reveal its seed. */
  grantEndLotteries(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.lotteries, 'dynamodb:UpdateItem');
  }

  /** Look up whether a lottery is active, and the seed that gives entries their priority. */
  grantReadLotteries(grantee: IGrantable): Grant {
    return this.grantRead(grantee, this.lotteries);
  }

  /** Change balances and cursors, by the statements of BatchExecuteStatement, which have rights of their own. */
  grantManageUsers(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.users, 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate');
  }

  grantReadDraws(grantee: IGrantable): Grant {
    return this.grantRead(grantee, this.draws);
  }

  /** Store a winner if absent, and read the stored one. A draw is never changed. */
  grantDraw(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.draws, 'dynamodb:PutItem');
  }

  private grantRead(grantee: IGrantable, table: ITable): Grant {
    return grant(grantee, table, readActions).combine(this.encryption.grantReadTable(grantee));
  }

  private grantWrite(grantee: IGrantable, table: ITable, ...writeActions: string[]): Grant {
    return grant(grantee, table, [...readActions, ...writeActions]).combine(
      this.encryption.grantWriteTable(grantee),
    );
  }

  private table(name: string, key: string, props: TablesProps, numericSortKey?: string): Table {
    return new Table(this, name, {
      tableName: `${props.environment}-${name}`,
      partitionKey: { name: key, type: AttributeType.STRING },
      ...(numericSortKey && { sortKey: { name: numericSortKey, type: AttributeType.NUMBER } }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...tableEncryption(props.encryption),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.settings.pointInTimeRecovery },
      deletionProtection: props.settings.deletionProtection,
      removalPolicy: removalPolicy(props.settings),
    });
  }
}

/** Without a key of our own DynamoDB encrypts with one of its own; there is no table that is not encrypted. */
function tableEncryption({ key }: Encryption): Pick<TableProps, 'encryption' | 'encryptionKey'> {
  if (key === undefined) return {};
  return { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key };
}

/** Not `table.grant`: that one also names the indexes, of which there are none. */
function grant(grantee: IGrantable, table: ITable, actions: string[]): Grant {
  return Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] });
}
