import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { removalPolicy } from '../removal.ts';
import type { Settings } from '../settings.ts';

export interface ReceiptsKeyProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
}

/**
 * The key that signs the receipts of accepted clicks. A run names its public half when it starts, and keeps it: a key that
 * is replaced is one that the receipts of running lotteries are not of. Nobody can take it out of KMS, and KMS rotates no key
 * of this kind (KMS API reference, EnableKeyRotation).
 */
export class ReceiptsKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, { environment, settings }: ReceiptsKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: `${environment}-lottery-receipts`,
      description: `Signs the receipts of the ${environment} lottery`,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(30),
      removalPolicy: removalPolicy(settings),
    });
  }

  /** Sign receipts: whoever may can make one up. */
  grantSign(grantee: IGrantable): Grant {
    return this.grant(grantee, 'kms:Sign');
  }

  /** Tell everybody by which key receipts are checked. */
  grantPublish(grantee: IGrantable): Grant {
    return this.grant(grantee, 'kms:GetPublicKey');
  }

  private grant(grantee: IGrantable, action: string): Grant {
    return Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.key.keyArn] });
  }
}
