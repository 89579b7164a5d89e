/**
 * Checks the draws of a file of output events, offline. Read in this order: hashes, checks, then this file;
 * events and ledger only read the lines and sort them.
 */
import { checkDraw, checkRun } from './checks.ts';
import { type Draw, Ledger, runLabel } from './ledger.ts';

export type Report = {
  /** Lines to print: first what fails, the causes before the draws, then the rest. */
  readonly text: readonly string[];
  /** Those of them that say what fails; none where nothing does. */
  readonly failed: readonly string[];
  readonly failures: number;
  /** Different events that a draw is checked from; 0 means that nothing was checked. */
  readonly events: number;
};

/** @param lines the lines of both output streams, in any order, one JSON object a line */
export async function verify(lines: AsyncIterable<string> | Iterable<string>): Promise<Report> {
  const ledger = new Ledger();
  let number = 0;
  for await (const line of lines) {
    number += 1;
    ledger.addLine(line, number);
  }
  return check(ledger);
}

function check(ledger: Ledger): Report {
  const { findings } = ledger;
  const draws = [...ledger.draws.values()].sort(byRunAndWindow);
  const runs = new Set([...ledger.starts.keys(), ...ledger.ends.keys(), ...draws.map(runLabel)]);
  for (const run of runs) checkRun(run, ledger);
  for (const draw of draws) checkDraw(draw, ledger);
  checkSingleWins(draws, ledger);
  if (ledger.receipts.size === 0) {
    findings.note(
      'no receipts (ClickAcceptedEvent): whether somebody beat a winner is not checked',
      'all draws',
    );
  }
  if (!draws.some((draw) => draw.winner)) findings.note('no winner (LotteryWinnerEvent)', 'the whole file');
  const fails = ({ drawId }: Draw) => findings.failures.has(drawId);
  const failed = [
    ...otherFailures(ledger),
    ...draws.filter(fails).flatMap((draw) => drawLines(draw, ledger)),
  ];
  const passed = draws.filter((draw) => !fails(draw)).flatMap((draw) => drawLines(draw, ledger));
  const text = [...failed, ...passed, ...noteLines(ledger), summary(draws, ledger)];
  return { text, failed, failures: findings.failureCount(), events: ledger.size };
}

/** An entry is in one draw, and wins once. */
function checkSingleWins(draws: readonly Draw[], ledger: Ledger): void {
  const wins = new Map<string, string>();
  for (const { drawId, winner } of draws) {
    if (winner === undefined) continue;
    const earlier = wins.get(winner.entryId);
    if (earlier !== undefined)
      ledger.findings.failNext(drawId, `entry ${winner.entryId} won ${earlier} as well`);
    wins.set(winner.entryId, drawId);
  }
}

function byRunAndWindow(a: Draw, b: Draw): number {
  if (a.lotteryId !== b.lotteryId) return a.lotteryId < b.lotteryId ? -1 : 1;
  return a.run - b.run || a.windowStart - b.windowStart;
}

function drawLines(draw: Draw, ledger: Ledger): string[] {
  const { failures } = ledger.findings;
  const reasons = failures.get(draw.drawId) ?? [];
  const isProven = draw.winner !== undefined && !failures.has(runLabel(draw));
  const mark = reasons.length > 0 ? 'FAIL' : isProven ? 'ok  ' : '-   ';
  return [
    `${mark}  draw ${draw.drawId}: ${describe(draw, ledger)}`,
    ...reasons.map((reason) => `      ${reason}`),
    ...consequencesOf(draw.drawId, ledger),
  ];
}

function describe(draw: Draw, ledger: Ledger): string {
  const { winner, refunds, receipts } = draw;
  const parts = [
    winner ? `winner ${winner.userId}` : 'no winner',
    ...(winner?.prize === undefined ? [] : [`prize "${winner.prize}"`]),
    `${count(receipts.size, 'entry', 'entries')} in the file${winner ? ` (${winner.entries} counted)` : ''}`,
    ...(refunds.size > 0 ? [`${refunds.size} refunded`] : []),
    seedOf(draw, ledger),
  ];
  return parts.join(', ');
}

function seedOf(draw: Draw, { ends, findings }: Ledger): string {
  const run = runLabel(draw);
  if (!ends.has(run)) return 'seed not revealed yet';
  return findings.failures.has(run) ? 'seed revealed, but not the one promised' : 'seed revealed';
}

/** Failures of a line that is no whole event, or of a run of a lottery. */
function otherFailures(ledger: Ledger): string[] {
  return [...ledger.findings.failures]
    .filter(([place]) => !ledger.draws.has(place))
    .flatMap(([place, reasons]) => [
      ...reasons.map((reason) => `FAIL  ${place}: ${reason}`),
      ...consequencesOf(place, ledger),
    ]);
}

const placesNamed = 5;

/** In one line: whoever repairs the cause has no use for them. */
function consequencesOf(place: string, { findings }: Ledger): string[] {
  const reasons = findings.consequences.get(place) ?? [];
  return reasons.length === 0 ? [] : [`      so also: ${someOf(reasons)}`];
}

function noteLines({ findings }: Ledger): string[] {
  return [...findings.notes].map(([what, places]) => `note  ${what}: ${someOf(places)}`);
}

function someOf(items: readonly string[]): string {
  const more = items.length > placesNamed ? `; and ${items.length - placesNamed} more` : '';
  return `${items.slice(0, placesNamed).join('; ')}${more}`;
}

function summary(draws: readonly Draw[], { findings, receipts, ends }: Ledger): string {
  const winners = draws.filter((draw) => draw.winner).length;
  const parts = [
    count(draws.length, 'draw', 'draws'),
    count(winners, 'winner', 'winners'),
    count(receipts.size, 'receipt', 'receipts'),
    count(ends.size, 'seed revealed', 'seeds revealed'),
    count(findings.failureCount(), 'failure', 'failures'),
  ];
  return parts.join(', ');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
