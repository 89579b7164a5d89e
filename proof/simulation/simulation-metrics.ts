import type { CountName, Telemetry } from '../../lambda/ports/telemetry.ts';
import type { RuntimeEvent } from '../../local/runtime-options.ts';
import type { Throttled } from './services/options.ts';

/** What the functions and the mappings of a simulation count. */
export class SimulationMetrics implements Telemetry {
  replays = 0;
  conflicts = 0;
  earlyWindows = 0;
  /** Rounds of the beacon that draws waited for, at each look. */
  beaconMissing = 0;
  /** Blocks and lists that draws waited for, at each look: they were gone, or others. */
  blocksMissing = 0;
  /** Records. */
  givenUp = 0;
  /** What shards and partitions had no room for, by operation: records, items and calls. */
  readonly throttled: Record<string, number> = {};

  count(name: CountName, value = 1): void {
    if (name === 'eventsReplayed') this.replays += value;
    if (name === 'writeConflicts') this.conflicts += value;
    if (name === 'beaconMissing') this.beaconMissing += value;
    if (name === 'blocksMissing') this.blocksMissing += value;
  }

  rejected(): void {}

  drawDelay(): void {}

  watermarkDelay(): void {}

  warn(): void {}

  readonly throttle = ({ operation, count }: Throttled): void => {
    this.throttled[operation] = (this.throttled[operation] ?? 0) + count;
  };

  readonly observe = (event: RuntimeEvent): void => {
    if (event.type !== 'mapping') return;
    if (event.event.type === 'windowClosed' && event.event.early) this.earlyWindows += 1;
    if (event.event.type === 'discarded') this.givenUp += event.event.records;
  };
}
