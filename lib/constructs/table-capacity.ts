import { BillingMode, type Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { ends } from '../setting-fields.ts';
import type { Settings } from '../settings.ts';

type Capacity = Settings['tableCapacity'];

/**
 * The part of what is provisioned that is to be used, in percent: the rest is there while scaling, which takes
 * minutes, catches up. What is left unused of the last five minutes is there as well (DynamoDB Developer Guide).
 */
export const targetUtilizationPercent = 70;

/**
 * How a table is billed. One that scales begins at its most, so that a deployment which makes it so, or changes the
 * span, never provisions less than is used; scaling comes down within a quarter of an hour.
 */
export function capacity(setting: Capacity): Partial<TableProps> {
  if (setting === 'on-demand') return { billingMode: BillingMode.PAY_PER_REQUEST };
  const { most } = ends(setting);
  return { billingMode: BillingMode.PROVISIONED, readCapacity: most, writeCapacity: most };
}

/** Lets Application Auto Scaling change what is provisioned, reads and writes each; nothing on demand. */
export function scaleByUse(table: Table, setting: Capacity): void {
  if (setting === 'on-demand') return;
  const { least: minCapacity, most: maxCapacity } = ends(setting);
  for (const scaling of [
    table.autoScaleReadCapacity({ minCapacity, maxCapacity }),
    table.autoScaleWriteCapacity({ minCapacity, maxCapacity }),
  ]) {
    scaling.scaleOnUtilization({ targetUtilizationPercent });
  }
}
