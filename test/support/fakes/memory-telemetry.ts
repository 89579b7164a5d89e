import type { Telemetry } from '../../../lambda/ports/telemetry.ts';

export class MemoryTelemetry implements Telemetry {
  readonly counts: Record<string, number> = {};
  readonly reasons: string[] = [];
  readonly delays: number[] = [];
  readonly watermarkDelays: number[] = [];
  readonly warnings: string[] = [];
  /** Of the warnings, in their order. */
  readonly details: Readonly<Record<string, unknown>>[] = [];

  count(name: string, value = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + value;
  }

  rejected(reason: string, count: number): void {
    for (let times = 0; times < count; times += 1) this.reasons.push(reason);
  }

  drawDelay(ms: number): void {
    this.delays.push(ms);
  }

  watermarkDelay(ms: number): void {
    this.watermarkDelays.push(ms);
  }

  warn(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.warnings.push(message);
    this.details.push(details);
  }
}
