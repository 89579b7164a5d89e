import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ArtifactsBucket } from '../constructs/artifacts-bucket.ts';
import { DrawsBucket } from '../constructs/draws-bucket.ts';
import { Encryption } from '../constructs/encryption.ts';
import { FunctionLogs } from '../constructs/function-logs.ts';
import { ReceiptsKey } from '../constructs/receipts-key.ts';
import { ReceiptsPublicKey } from '../constructs/receipts-public-key.ts';
import { Streams } from '../constructs/streams.ts';
import { Tables } from '../constructs/tables.ts';
import type { Settings } from '../settings.ts';

export interface LotteryStackProps extends StackProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
}

/**
 * What must outlive every deployment: streams, tables, buckets, logs, the key to them and the one that signs receipts. And a
 * function that tells the public half of that one, when a deployment asks.
 */
export class StatefulStack extends Stack {
  readonly encryption: Encryption;
  readonly streams: Streams;
  readonly tables: Tables;
  readonly artifacts: ArtifactsBucket;
  readonly drawsBucket: DrawsBucket;
  readonly receiptsKey: ReceiptsKey;
  readonly receiptsPublicKey: ReceiptsPublicKey;
  readonly logs: FunctionLogs;

  constructor(scope: Construct, id: string, props: LotteryStackProps) {
    super(scope, id, props);
    const { environment, settings } = props;
    this.encryption = new Encryption(this, 'Encryption', { environment, settings });
    const shared = { environment, settings, encryption: this.encryption };
    this.streams = new Streams(this, 'Streams', shared);
    this.tables = new Tables(this, 'Tables', shared);
    this.logs = new FunctionLogs(this, 'Logs', shared);
    this.artifacts = new ArtifactsBucket(this, 'Artifacts', shared);
    this.drawsBucket = new DrawsBucket(this, 'Draws', shared);
    this.receiptsKey = new ReceiptsKey(this, 'Receipts', { environment, settings });
    const { logs, receiptsKey } = this;
    this.receiptsPublicKey = new ReceiptsPublicKey(this, 'ReceiptsPublic', {
      ...{ environment, settings, logs, receiptsKey },
    });
    this.nameOutputs();
  }

  private nameOutputs(): void {
    const { outer, entries } = this.streams;
    for (const [name, value] of Object.entries(outer.outputs)) new CfnOutput(this, name, { value });
    new CfnOutput(this, 'EntriesStreamName', { value: entries.streamName });
    new CfnOutput(this, 'Connector', { value: outer.connector });
    for (const [name, table] of Object.entries(this.tables.byName)) {
      new CfnOutput(this, `${pascalCase(name)}TableName`, { value: table.tableName });
    }
    new CfnOutput(this, 'ArtifactsBucketName', { value: this.artifacts.bucket.bucketName });
    new CfnOutput(this, 'DrawsBucketName', { value: this.drawsBucket.bucket.bucketName });
    new CfnOutput(this, 'ReceiptsKeyArn', { value: this.receiptsKey.key.keyArn });
    new CfnOutput(this, 'ReceiptsPublicKey', { value: this.receiptsPublicKey.spki });
  }
}

/** `user-events-input` becomes `UserEventsInput`. */
function pascalCase(name: string): string {
  return name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
