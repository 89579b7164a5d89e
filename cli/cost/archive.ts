import { assumptions, type Load, type Work } from './load.ts';
import { prices, secondsPerMonth } from './prices.ts';

const gb = 1e9;

/** Bytes a second that the archive takes in: outcomes with their receipts, draws, and a line around each. */
function archivedBytes({ clicksPerSecond }: Load, { draws }: Work): number {
  const { outcome, receipt, closed, winner } = assumptions.recordBytes;
  const { archiveLineBytes: line } = assumptions;
  return clicksPerSecond * (outcome + receipt + line) + draws * (closed + winner + 2 * line);
}

/** GB that a month adds to the archive, compressed. */
export function archivedGb(load: Load, work: Work): number {
  return (archivedBytes(load, work) * assumptions.archiveRatio * secondsPerMonth) / gb;
}

/** What Firehose would take, dollars a month, to put the same records into the bucket: each as if it had 5 KB or a multiple. */
export function firehoseBill({ clicksPerSecond }: Load, { draws }: Work): number {
  const { gbIn, recordKb } = prices.firehose;
  const { outcome, receipt, closed, winner } = assumptions.recordBytes;
  const step = recordKb * 1_024;
  const billed = (bytes: number) => Math.ceil(bytes / step) * step;
  const perSecond = clicksPerSecond * billed(outcome + receipt) + draws * (billed(closed) + billed(winner));
  return ((perSecond * secondsPerMonth) / 2 ** 30) * gbIn;
}
