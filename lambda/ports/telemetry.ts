import type { RejectionReason } from '../core/reasons.ts';

/** What a function counts of its work, and how the handlers hand it on (as metrics). */
export interface Telemetry {
  /** Adds to a count of contract/metrics.ts. */
  count(name: CountName, value?: number): void;
  rejected(reason: RejectionReason, count: number): void;
  /** Time from a window's end to its winner, ms. */
  drawDelay(ms: number): void;
  /** How far the slowest open shard of the input is behind, ms. */
  watermarkDelay(ms: number): void;
  /** A fact that a person should know: a record of our own that cannot be read, a write that failed. */
  warn(message: string, details: Readonly<Record<string, unknown>>): void;
}

/** Who is told how old batches are: of sources of which nobody else tells. */
export interface InputAgeTelemetry {
  /** How long the last record of a batch's slowest shard had waited, ms. */
  inputAge(ms: number): void;
}

export type CountName =
  | 'eventsApplied'
  | 'eventsReplayed'
  | 'writeConflicts'
  | 'writeFailures'
  | 'partialsPublished'
  | 'drawsMade'
  | 'entriesRefunded'
  | 'ticksPutOff'
  | 'heartbeatsPut'
  | 'lotteriesEnded'
  | 'recordsIgnored'
  | 'blocksMissing'
  | 'beaconMissing'
  | 'seedsMissing'
  | 'publicationsRefused';

/** Hands on the rejections of one invocation, one count per reason: a client can make thousands in a batch. */
export function countRejections(reasons: readonly RejectionReason[], telemetry: Telemetry): void {
  const counts = new Map<RejectionReason, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  for (const [reason, count] of counts) telemetry.rejected(reason, count);
}
