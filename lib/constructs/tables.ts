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
import { capacity, scaleByUse } from './table-capacity.ts';

export interface TablesProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/** What the functions do with tables, as IAM calls it; see lambda/adapters. */
type Operation = 'BatchGetItem' | 'GetItem' | 'PartiQLInsert' | 'PartiQLUpdate' | 'PutItem' | 'UpdateItem';

/** The tables and who may do what with them. No function may scan, query or delete. */
export class Tables extends Construct {
  readonly users: ITable;
  readonly lotteries: ITable;
  readonly seeds: ITable;
  readonly draws: ITable;
  readonly refunds: ITable;
  readonly grants: ITable;
  readonly watermarks: ITable;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    this.encryption = props.encryption;
    const { tableCapacity } = props.settings;
    const users = this.table('users', 'userId', props, capacity(tableCapacity));
    scaleByUse(users, tableCapacity);
    this.users = users;
    // Run 0 is the lottery as it is now; ended runs that a restart replaced stay under their own number.
    this.lotteries = this.table('lotteries', 'lotteryId', props, {
      sortKey: { name: 'run', type: AttributeType.NUMBER },
    });
    // By its commitment, which the run names: listing lotteries shows no seed.
    this.seeds = this.table('seeds', 'seedCommitment', props);
    this.draws = this.table('draws', 'drawId', props);
    this.refunds = this.table('refunds', 'refundId', props);
    // Operators put its items: no function does.
    this.grants = this.table('grants', 'grantId', props);
    // An item for each shard of the users' input that has been read, and one for all of them.
    this.watermarks = this.table('watermarks', 'shardId', props);
  }

  /** Every table, by the name that it has without the environment's prefix. */
  get byName(): Readonly<Record<string, ITable>> {
    return {
      users: this.users,
      lotteries: this.lotteries,
      seeds: this.seeds,
      draws: this.draws,
      refunds: this.refunds,
      grants: this.grants,
      watermarks: this.watermarks,
    };
  }

  /** Start and stop lotteries. */
  grantManageLotteries(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.lotteries, 'BatchGetItem', 'GetItem', 'PutItem');
  }

  /** End a lottery after its last draw. */
  grantEndLotteries(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.lotteries, 'BatchGetItem', 'UpdateItem');
  }

  /** Look up which windows of a lottery take clicks. */
  grantReadLotteries(grantee: IGrantable): Grant {
    return this.grantRead(grantee, this.lotteries);
  }

  /** Keep the seed of a new run. Who makes seeds has no need to read them. */
  grantKeepSeeds(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.seeds, 'PutItem');
  }

  /** Give entries their priority, and reveal a seed at the end. Whoever reads seeds can foretell draws. */
  grantReadSeeds(grantee: IGrantable): Grant {
    return this.grantRead(grantee, this.seeds);
  }

  /** Change balances and cursors, many users a call (BatchExecuteStatement). */
  grantManageUsers(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.users, 'BatchGetItem', 'PartiQLInsert', 'PartiQLUpdate');
  }

  /** Grant refunds, each once. */
  grantRefund(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.refunds, 'GetItem', 'PutItem');
  }

  /** See which refunds are granted, and say which are taken. */
  grantTakeRefunds(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.refunds, 'BatchGetItem', 'UpdateItem');
  }

  /** See which grants operators have made, and say which are taken. */
  grantTakeGrants(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.grants, 'BatchGetItem', 'UpdateItem');
  }

  /**
   * Store a winner if absent, and read the stored one; none is ever changed. What is open of a run is written as a whole.
   */
  grantDraw(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.draws, 'GetItem', 'PutItem');
  }

  /** Say that a user is to have coupons: who may, can give them to anybody. No function may. */
  grantGiveCoupons(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.grants, 'GetItem', 'PutItem');
  }

  /** Say how far a shard of an input is. */
  grantAdvanceWatermarks(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.watermarks, 'UpdateItem');
  }

  /** As that, and carry the clock of a replay from batch to batch. */
  grantCarryClocks(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.watermarks, 'BatchGetItem', 'UpdateItem');
  }

  /** Find out up to where the inputs are complete. How far a shard is, is not for who looks to say. */
  grantReadWatermarks(grantee: IGrantable): Grant {
    return this.grantWrite(grantee, this.watermarks, 'BatchGetItem', 'GetItem', 'PutItem');
  }

  /**
   * Look at everything but the seeds: one item, or all. For people (access-policies.ts): a new table is theirs to see, unless
   * it is left out here.
   */
  grantView(grantee: IGrantable): Grant {
    const { seeds: _, ...seen } = this.byName;
    return Grant.addToPrincipal({
      grantee,
      actions: ['BatchGetItem', 'GetItem', 'Scan'].map((operation) => `dynamodb:${operation}`),
      resourceArns: Object.values(seen).map(({ tableArn }) => tableArn),
    }).combine(this.encryption.grantReadTable(grantee));
  }

  private grantRead(grantee: IGrantable, table: ITable): Grant {
    return grant(grantee, table, 'BatchGetItem').combine(this.encryption.grantReadTable(grantee));
  }

  private grantWrite(grantee: IGrantable, table: ITable, ...operations: Operation[]): Grant {
    return grant(grantee, table, ...operations).combine(this.encryption.grantWriteTable(grantee));
  }

  private table(name: string, key: string, props: TablesProps, more: Partial<TableProps> = {}): Table {
    return new Table(this, name, {
      tableName: `${props.environment}-${name}`,
      partitionKey: { name: key, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...tableEncryption(props.encryption),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.settings.pointInTimeRecovery },
      deletionProtection: props.settings.deletionProtection,
      removalPolicy: removalPolicy(props.settings),
      ...more,
    });
  }
}

/** Without a key of our own DynamoDB encrypts with one of its own; there is no table that is not encrypted. */
function tableEncryption({ key }: Encryption): Pick<TableProps, 'encryption' | 'encryptionKey'> {
  if (key === undefined) return {};
  return { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key };
}

/** Not `table.grant`: that one also names the indexes, of which there are none. */
function grant(grantee: IGrantable, table: ITable, ...operations: Operation[]): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: operations.map((operation) => `dynamodb:${operation}`),
    resourceArns: [table.tableArn],
  });
}
