import { table } from '../table.ts';
import type { Counted } from './tally.ts';

/** What came of a load. */
export interface LoadReport {
  environment: string;
  lotteryId: number | string;
  users: number;
  buys: Counted;
  /** Absent where it ended before. */
  clicks?: Counted;
}

/** A table, and a line for each kind of trouble. */
export function reportText({ buys, clicks }: LoadReport): string {
  const all = { buys, ...(clicks && { clicks }) };
  const rows = Object.entries(all).map(([name, counted]) => rowOf(name, counted));
  const headings = [
    '',
    'EVENTS',
    'ASKED/S',
    'REACHED/S',
    'ACCEPTED',
    'NO OUTCOME',
    'P50 MS',
    'P95 MS',
    'P99 MS',
  ];
  const troubles = Object.entries(all).flatMap(([name, { rejected, failed }]) => [
    ...Object.entries(rejected).map(([reason, count]) => `${name}: ${count} rejected, ${reason}`),
    ...Object.entries(failed).map(([reason, count]) => `${name}: ${count} not put, ${reason}`),
  ]);
  return [table(headings, rows), ...troubles].join('\n');
}

function rowOf(name: string, { put, asked, reached, accepted, withoutOutcome, latency }: Counted) {
  const { p50, p95, p99 } = latency ?? {};
  return [name, put, asked, Number(reached.toFixed(1)), accepted, withoutOutcome, p50, p95, p99];
}

/** What was asked is not so: in a line; undefined where all has come to be. */
export function problemOf({ buys, clicks }: LoadReport): string | undefined {
  const phases = [buys, ...(clicks ? [clicks] : [])];
  const failed = phases
    .flatMap((counted) => Object.values(counted.failed))
    .reduce((sum, count) => sum + count, 0);
  const without = phases.reduce((sum, { withoutOutcome }) => sum + withoutOutcome, 0);
  if (failed > 0) return `${failed} events were not put`;
  return without > 0 ? `${without} events have no outcome yet` : undefined;
}
