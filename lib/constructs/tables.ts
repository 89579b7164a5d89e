import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

export interface TablesProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
}

const readActions = ['dynamodb:BatchGetItem', 'dynamodb:GetItem'];

/** The three tables and who may do what with them. No function may scan, query or delete. */
export class Tables extends Construct {
  readonly users: ITable;
  readonly lotteries: ITable;
  readonly draws: ITable;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
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
    return grant(grantee, this.lotteries, [...readActions, 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  /** End a lottery after its last draw, and reveal its seed. */
  grantEndLotteries(grantee: IGrantable): Grant {
    return grant(grantee, this.lotteries, [...readActions, 'dynamodb:UpdateItem']);
  }

  /** Look up whether a lottery is active, and the seed that gives entries their priority. */
  grantReadLotteries(grantee: IGrantable): Grant {
    return grant(grantee, this.lotteries, readActions);
  }

  /** Change balances and cursors. */
  grantManageUsers(grantee: IGrantable): Grant {
    return grant(grantee, this.users, [...readActions, 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  grantReadDraws(grantee: IGrantable): Grant {
    return grant(grantee, this.draws, readActions);
  }

  /** Store a winner if absent, and read the stored one. A draw is never changed. */
  grantDraw(grantee: IGrantable): Grant {
    return grant(grantee, this.draws, [...readActions, 'dynamodb:PutItem']);
  }

  private table(name: string, key: string, props: TablesProps, numericSortKey?: string): Table {
    return new Table(this, name, {
      tableName: `${props.environment}-${name}`,
      partitionKey: { name: key, type: AttributeType.STRING },
      ...(numericSortKey && { sortKey: { name: numericSortKey, type: AttributeType.NUMBER } }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: props.settings.removalPolicy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}

/** Not `table.grant`: that one also names the indexes, of which there are none. */
function grant(grantee: IGrantable, table: ITable, actions: string[]): Grant {
  return Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] });
}
