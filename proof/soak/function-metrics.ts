import { z } from 'zod';
import { metricNames } from '../../lambda/contract/metrics.ts';
import type { RuntimeEvent } from '../../local/runtime-options.ts';

const line = z.looseObject({
  _aws: z.unknown().refine((value) => value !== undefined),
  [metricNames.eventsReplayed]: z.number().optional(),
  [metricNames.writeConflicts]: z.number().optional(),
});

/** Counts what only the functions know, from the metrics in their logs (embedded metric format) and the mappings. */
export class FunctionMetrics {
  replays = 0;
  conflicts = 0;
  earlyWindows = 0;

  readonly observe = (event: RuntimeEvent): void => {
    if (event.type === 'functionLog') this.#read(event.line);
    if (event.type === 'mapping' && event.event.type === 'windowClosed' && event.event.early)
      this.earlyWindows += 1;
  };

  #read(text: string): void {
    // A function that is killed may leave half a line.
    if (!text.includes('"_aws"') || !text.endsWith('}')) return;
    const metrics = line.safeParse(JSON.parse(text)).data;
    this.replays += metrics?.[metricNames.eventsReplayed] ?? 0;
    this.conflicts += metrics?.[metricNames.writeConflicts] ?? 0;
  }
}
