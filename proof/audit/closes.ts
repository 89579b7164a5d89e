import { type Chain, chainOf, roundFor, timeOfRound } from '../oracle/beacon.ts';
import { completeAt } from '../oracle/runs.ts';
import { type Json, objectIn, textOf } from '../oracle/streams.ts';
import { timeOf } from '../oracle/time.ts';
import type { ClosedItem, DrawItem, Evidence } from './evidence.ts';
import { rootOfRoots } from './merkle.ts';
import { ancestorsIn } from './order.ts';
import type { Proven } from './receipts.ts';
import { rootOfRef } from './refs.ts';

/** Clocks of hosts differ from that of the streams by up to this, ms: a draw that is closed late is closed by its host's. */
const HOST_MS = 500;

/** A run, as its start says it. */
interface Told {
  readonly windowMs: number;
  readonly graceMs: number;
  /** Then windows lie where events say, and rounds go by the close alone. */
  readonly isReplay: boolean;
  readonly chain: Chain | undefined;
}

/**
 * Each draw was closed once, before it was made, when its window was complete; its round was fixed by rule, and it was made
 * of what it was closed with, by what its chain has signed, and not before that was published.
 */
export function closesAreRight(evidence: Evidence, proven: readonly Proven[]): string[] {
  const runs = runsIn(evidence);
  const said = closesIn(evidence);
  const draws = new Map(evidence.draws.map((draw) => [draw.drawId, draw]));
  const { reached } = timeOf(evidence.inputs.user, ancestorsIn(evidence.parents.user), evidence.settings);
  const closed = new Set(evidence.closed.map(({ drawId }) => drawId));
  return [
    ...[...said].flatMap(([drawId, all]) =>
      all.length > 1 ? [`draw ${drawId}: it was closed in ${all.length} ways`] : [],
    ),
    ...evidence.draws.flatMap(({ drawId }) =>
      closed.has(drawId) ? [] : [`draw ${drawId}: it was made, and never closed`],
    ),
    ...evidence.closed.flatMap((item) => {
      const run = runs.get(`${item.lotteryId}#${item.run}`);
      if (run === undefined) return [`draw ${item.drawId}: it was closed, and is of no run`];
      const { slackMs } = evidence.settings;
      const complete = completeAt(run, item.windowStart, { ...evidence.settings, reached });
      const wrong = [
        ...wrongWithClose(item, run, complete - slackMs, said.get(item.drawId)?.[0]?.at),
        ...wrongWithMade(item, run, draws.get(item.drawId), evidence),
      ];
      return wrong.map((what) => `draw ${item.drawId}: ${what}`);
    }),
    ...entriesWithoutProof(evidence, proven),
  ];
}

/** By `<lotteryId>#<run>`. */
function runsIn({ published }: Evidence): ReadonlyMap<string, Told> {
  const runs = new Map<string, Told>();
  for (const start of ofType(published.lottery, 'LotteryStartedEvent')) {
    const [windowMs, graceMs] = [Number(start.json.windowMs), Number(start.json.graceMs)];
    const name = `${textOf(start.json.lotteryId)}#${start.json.run}`;
    const isReplay = start.json.replay === true;
    runs.set(name, { windowMs, graceMs, isReplay, chain: chainOf(start.json) });
  }
  return runs;
}

interface Event {
  readonly json: Json;
  /** When it came first; undefined where nobody saw. */
  readonly at: number | undefined;
}

function ofType(records: Evidence['published']['lottery'], type: string): Event[] {
  return records.flatMap(({ text, at }) => {
    const json = text.includes(`"${type}"`) ? objectIn(text) : undefined;
    return json?.type === type ? [{ json, at }] : [];
  });
}

function closesIn({ published }: Evidence): ReadonlyMap<string, readonly Event[]> {
  return Map.groupBy(ofType(published.lottery, 'DrawClosedEvent'), ({ json }) => textOf(json.drawId));
}

function wrongWithClose(
  { windowEnd, closedAt, blocks, windowRoot, beacon }: ClosedItem,
  { graceMs, isReplay, chain }: Told,
  from: number,
  saidAt = Number.POSITIVE_INFINITY,
): string[] {
  const roots = blocks.map(rootOfRef);
  const isAscending = roots.every((root, at) => at === 0 || (roots[at - 1] ?? '') < root);
  const round = chain && roundFor(chain, isReplay ? closedAt : windowEnd + graceMs, closedAt);
  return [
    ...(isAscending ? [] : ['its blocks are not in the order of their roots, each once']),
    ...(windowRoot === rootOfRoots(roots) ? [] : ['its root is not that of its blocks']),
    ...(closedAt >= from - HOST_MS ? [] : ['it was closed before its window was complete']),
    ...(closedAt <= saidAt + HOST_MS ? [] : ['it was closed after it was said']),
    ...(beacon?.round === round ? [] : [`its round is ${beacon?.round}, and must be ${round}`]),
    ...(beacon?.chain.chainHash === chain?.chainHash ? [] : ['its chain is not that of its run']),
  ];
}

function wrongWithMade(
  { blocks, beacon, windowRoot }: ClosedItem,
  { chain }: Told,
  draw: DrawItem | undefined,
  { signatures, published, settings }: Evidence,
): string[] {
  if (draw === undefined) return [];
  const winner = ofType(published.lottery, 'LotteryWinnerEvent').find(
    ({ json }) => textOf(json.drawId) === draw.drawId,
  );
  const publishedAt = chain && beacon ? timeOfRound(chain, beacon.round) : Number.NEGATIVE_INFINITY;
  const isEarly = winner?.at !== undefined && winner.at + settings.slackMs + HOST_MS < publishedAt;
  const isSigned = beacon === undefined || draw.beacon?.signature === signatures.get(beacon.round);
  return [
    ...(draw.blocks.join() === blocks.join() ? [] : ['it was made of other blocks than it was closed with']),
    ...(draw.windowRoot === windowRoot ? [] : ['it was made with another root than it was closed with']),
    ...(draw.beacon?.round === beacon?.round ? [] : ['it was made by another round than it was closed with']),
    ...(isSigned ? [] : ['it was made by what its chain has not signed']),
    ...(isEarly ? ['it was made before its round was published'] : []),
  ];
}

/** Who was accepted for a draw has a receipt under its root: or was refunded. */
function entriesWithoutProof({ draws, outputs }: Evidence, proven: readonly Proven[]): string[] {
  const refunded = new Set(
    outputs.user.flatMap((event) =>
      event.type === 'CouponRefundedEvent' ? [`${event.drawId} ${event.entryId}`] : [],
    ),
  );
  const receipts = Map.groupBy(proven, ({ drawId }) => drawId);
  return draws.flatMap(({ drawId, blocks }) => {
    const roots = new Set(blocks.map(rootOfRef));
    const byEntry = Map.groupBy(receipts.get(drawId) ?? [], ({ entryId }) => entryId);
    return [...byEntry].flatMap(([entryId, own]) => {
      const isUnderRoot = own.some(({ receipt }) => roots.has(receipt.root));
      const isRefunded = refunded.has(`${drawId} ${entryId}`);
      if (isUnderRoot !== isRefunded) return [];
      const what = isRefunded ? 'was refunded, and has a receipt' : 'has no receipt';
      return [`draw ${drawId}: entry ${entryId} ${what} under its root`];
    });
  });
}
