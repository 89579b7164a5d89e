/** What a soak found; `npm run soak` prints it as JSON. Times in ms. */
export interface SoakReport {
  seed: number | string;
  /** Reproduces it, as far as timing allows (docs/faults.md). */
  command: string;
  /** What the players put. */
  events: number;
  /** Distinct output events by type; rejections by reason. */
  outcomes: Readonly<Record<string, number>>;
  /** Draws in the table. */
  draws: number;
  refunded: number;
  faults: { total: number; kinds: number; byKind: Readonly<Record<string, number>> };
  /** Events that were delivered again and whose stored outcome was published again. */
  replays: number;
  /** Conditional writes that found another version. */
  conflicts: number;
  /** Records of the output streams that were there before, byte by byte. */
  duplicates: number;
  /** Windows that ended early. */
  earlyWindows: number;
  /** Ticks that failed too often and were set aside. */
  deadTicks: number;
  /** From the last fault until all was processed, drawn and ended. */
  drainMs: number;
  /** What was still missing when the time was up. */
  undrained: readonly string[];
  /** What the audit found, in words. */
  violations: readonly string[];
}

export const passed = ({ violations, undrained }: SoakReport): boolean =>
  violations.length === 0 && undrained.length === 0;

/** What a proof of nothing would leave out. */
export type Happened = Pick<SoakReport, 'events' | 'outcomes' | 'draws' | 'faults'>;

/** A run in which one of these is missing shows nothing of what a soak is for. @returns violations, in words */
export function nothingHappened({ events, outcomes, draws, faults }: Happened): string[] {
  const counts = {
    'event was put': events,
    'click was accepted': outcomes.ClickAcceptedEvent ?? 0,
    'draw was made': draws,
    'fault was injected': faults.total,
  };
  return Object.entries(counts).flatMap(([what, count]) =>
    count === 0 ? [`nothing happened: no ${what}`] : [],
  );
}
