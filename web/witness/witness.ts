/**
 * What this browser saw of a draw before anybody could know who wins. Whoever saw the root before the beacon's round needs nobody's word
 * that the entries were fixed by then. The later of two clocks says when: the server's could be made to say anything, and this
 * machine's may be wrong by hours.
 */
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';

/** What fixed a draw, as it was seen first. */
export interface SeenDraw {
  readonly root: string;
  readonly commitment: string | undefined;
  readonly round: number | undefined;
  /** ms since 1970, by the later clock. */
  readonly seenAt: number;
}

export interface SeenRun {
  readonly run: number;
  readonly seedCommitment: string;
  readonly receiptKey: string;
  readonly chainHash: string | undefined;
  readonly seenAt: number;
  /** By windowStart. */
  readonly draws: Readonly<Record<string, SeenDraw>>;
  /** What was promised for windows that were not over, by windowStart. */
  readonly prizes: Readonly<Record<string, string>>;
}

/** As many draws and prizes of a lottery are kept, the last ones. */
const kept = 120;

/**
 * @param seen before @param now ms, by the later clock
 * @returns the same object where there is nothing new; nor is there where runs go back, as none do
 */
export function observe(seen: SeenRun | undefined, view: LiveView, now: number): SeenRun {
  if (seen !== undefined && view.run < seen.run) return seen;
  const before = seen?.run === view.run ? seen : newRun(view, now);
  const draws = fresh(
    before.draws,
    view.windows.flatMap((window) => drawIn(window, now)),
  );
  const prizes = fresh(before.prizes, promisedIn(view));
  if (draws === before.draws && prizes === before.prizes) return before;
  return { ...before, draws, prizes };
}

function newRun({ run, seedCommitment, receiptKey, chain }: LiveView, now: number): SeenRun {
  return { run, seedCommitment, receiptKey, chainHash: chain?.chainHash, seenAt: now, draws: {}, prizes: {} };
}

function drawIn(
  { windowStart, root, commitment, round, state }: LiveWindow,
  now: number,
): [string, SeenDraw][] {
  // Of one that is drawn already nothing can be witnessed.
  if (state !== 'closed' || root === undefined) return [];
  return [[String(windowStart), { root, commitment, round, seenAt: now }]];
}

function promisedIn({
  prizes = [],
  prizeIndex = 0,
  firstWindowStart,
  windowMs,
}: LiveView): [string, string][] {
  if (firstWindowStart === undefined) return [];
  return prizes
    .slice(0, kept / 2)
    .map((prize, index) => [String(firstWindowStart + (prizeIndex + index) * windowMs), prize]);
}

/** With what is new; what was seen first stays. */
function fresh<Value>(known: Readonly<Record<string, Value>>, found: readonly [string, Value][]) {
  const unknown = found.filter(([key]) => !Object.hasOwn(known, key));
  if (unknown.length === 0) return known;
  const all = [...Object.entries(known), ...unknown].sort(([left], [right]) => Number(left) - Number(right));
  return Object.fromEntries(all.slice(-kept)) as Record<string, Value>;
}

export type Testimony =
  /** Seen closed before its round was published, and nothing changed since. */
  | { readonly kind: 'witnessed'; readonly seenAt: number; readonly beforeMs: number }
  /** Seen closed, but the round was published by then. */
  | { readonly kind: 'late' }
  | { readonly kind: 'none' }
  | { readonly kind: 'contradicted'; readonly reason: string };

/** @param roundAt when the draw's round is published, ms; undefined without a beacon */
export function testimonyOn(
  seen: SeenRun | undefined,
  view: LiveView,
  window: LiveWindow,
  roundAt: number | undefined,
): Testimony {
  if (seen === undefined || seen.run < view.run) return { kind: 'none' };
  if (seen.run > view.run) {
    const reason = `this browser saw run ${seen.run} of this lottery before, and now run ${view.run} is shown as its last`;
    return { kind: 'contradicted', reason };
  }
  const reason = contradictionIn(seen, view, window);
  if (reason !== undefined) return { kind: 'contradicted', reason };
  const draw = seen.draws[window.windowStart];
  if (draw === undefined || roundAt === undefined) return { kind: 'none' };
  const beforeMs = roundAt - draw.seenAt;
  return beforeMs > 0 ? { kind: 'witnessed', seenAt: draw.seenAt, beforeMs } : { kind: 'late' };
}

/** Why what is shown now is not what was shown first. */
function contradictionIn(seen: SeenRun, view: LiveView, window: LiveWindow): string | undefined {
  const draw = seen.draws[window.windowStart];
  const prize = seen.prizes[window.windowStart];
  const won = window.winner?.prize;
  const pairs: [string, unknown, unknown][] = [
    ['seed commitment of the run', seen.seedCommitment, view.seedCommitment],
    ['key of the receipts', seen.receiptKey, view.receiptKey],
    ['beacon', seen.chainHash, view.chain?.chainHash],
    ...(draw === undefined
      ? []
      : ([
          ['root', draw.root, window.root],
          ['round', draw.round, window.round],
          ['seed commitment of the window', draw.commitment, window.commitment],
        ] satisfies [string, unknown, unknown][])),
    ...(prize === undefined || window.winner === undefined || isCut(prize) || isCut(won ?? '')
      ? []
      : ([['prize', prize, won]] satisfies [string, unknown, unknown][])),
  ];
  const changed = pairs.find(([, before, now]) => before !== now);
  if (changed === undefined) return undefined;
  return `the ${changed[0]} was another when this browser saw it first: ${changed[1] ?? 'none'}, now ${changed[2] ?? 'none'}`;
}

/** Long ones are. */
export const isCut = (prize: string): boolean => prize.endsWith('…');
