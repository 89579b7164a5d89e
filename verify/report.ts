/** The findings in lines. */
import { chainName } from './close.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import { chainOf } from './seeds.ts';
import { sheetOf } from './sheets.ts';

export type Report = {
  /** Lines to print: first what fails, the causes before the draws, then the rest. */
  readonly text: readonly string[];
  /** Those of them that say what fails; none where nothing does. */
  readonly failed: readonly string[];
  readonly failures: number;
  /** Different events that a draw is checked from; 0 means that nothing was checked. */
  readonly events: number;
  /** Sheets that draws were checked with; one that was ignored is none of them. */
  readonly sheets: number;
  /** Of the player's own line, where one was given. */
  readonly receipt?: { readonly sentence: string; readonly contradicts: boolean };
};

export function reportOn(draws: readonly Draw[], ledger: Ledger): Report {
  const { findings } = ledger;
  const fails = ({ drawId }: Draw) => findings.failures.has(drawId);
  const failed = [
    ...otherFailures(ledger),
    ...draws.filter(fails).flatMap((draw) => drawLines(draw, ledger)),
  ];
  const passed = draws.filter((draw) => !fails(draw)).flatMap((draw) => drawLines(draw, ledger));
  const text = [...failed, ...passed, ...noteLines(ledger), summary(draws, ledger)];
  return {
    ...{ text, failed, failures: findings.failureCount(), events: ledger.size },
    sheets: sheetCount(draws),
  };
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
    `${count(receipts, 'entry', 'entries')} in the file${winner ? ` (${winner.entries} counted)` : ''}`,
    ...(refunds.size > 0 ? [`${refunds.size} refunded`] : []),
    ...sheetPart(draw),
    ...roundPart(draw, ledger),
    seedOf(draw, ledger),
  ];
  return parts.join(', ');
}

function sheetPart(draw: Draw): string[] {
  const sheet = sheetOf(draw);
  return sheet === undefined ? [] : [`sheet of ${count(sheet.blocks, 'block', 'blocks')}`];
}

function roundPart(draw: Draw, ledger: Ledger): string[] {
  const round = (draw.winner ?? draw.close)?.round;
  if (round === undefined) return [];
  const chain = chainOf(draw, ledger);
  const name = chain === undefined || chain === 'seed' ? draw.close?.chainHash : chain.chainHash;
  return [`round ${round} of ${name === undefined ? 'a chain' : chainName(name)}`];
}

function seedOf(draw: Draw, { ends, findings }: Ledger): string {
  const run = runLabel(draw);
  if (!ends.has(run)) return 'seed not revealed yet';
  return findings.failures.has(run) ? 'seed revealed, but not all as promised' : 'seed revealed';
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

function summary(draws: readonly Draw[], { findings, entries, ends }: Ledger): string {
  const winners = draws.filter((draw) => draw.winner).length;
  const sheets = sheetCount(draws);
  const parts = [
    count(draws.length, 'draw', 'draws'),
    count(winners, 'winner', 'winners'),
    count(entries.size, 'receipt', 'receipts'),
    ...(sheets > 0 ? [count(sheets, 'sheet', 'sheets')] : []),
    count(ends.size, 'seed revealed', 'seeds revealed'),
    count(findings.failureCount(), 'failure', 'failures'),
  ];
  return parts.join(', ');
}

function sheetCount(draws: readonly Draw[]): number {
  return draws.reduce((sum, draw) => sum + draw.sheets.length, 0);
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
