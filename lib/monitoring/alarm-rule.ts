import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmKind } from './alarm-kinds.ts';

/** One alarm: on when `metric` is at or above `threshold` in `breaching` of the last `evaluated` periods. */
export interface AlarmRule {
  readonly kind: AlarmKind;
  /** What it is about, where a kind has several: a function, a stream, a table. */
  readonly subject?: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Periods that must be over the threshold. */
  readonly breaching: number;
  /**
   * Periods that are looked at. An expression that fills gaps takes data that are late for zero, so there some of them
   * may be wrong, and this is the larger number.
   */
  readonly evaluated: number;
}
