/** The check of one draw, or of one's own receipt: the verifier's, on what the page was told and the sheet that it fetches. */
import { ReceiptError, type Report, verify } from '../../verify/verify.ts';
import { eventLines } from './events.ts';
import type { CheckRequest, CheckResult } from './messages.ts';
import { NoSheet, openSheet, withFirstLine } from './sheet-stream.ts';

export type OnProgress = (bytes: number, total?: number) => void;

export async function check(request: CheckRequest, onProgress: OnProgress): Promise<CheckResult> {
  let read = 0;
  const missing = missingIn(request);
  if (missing.length > 0) {
    const reason = `The page was not told all of this draw: there is no ${missing.join(', no ')}.`;
    return { verdict: 'unchecked', reasons: [reason], notes: [], bytes: 0 };
  }
  try {
    const sheet = await sheetOf(request, (bytes, total) => {
      read = bytes;
      onProgress(bytes, total);
    });
    const report = await verify(eventLines(request, wholePrize(request, sheet?.first)), {
      sheets: sheet === undefined ? [] : [{ name: 'of this draw', chunks: sheet.chunks }],
      ...(request.receipt !== undefined && { receipt: request.receipt }),
    });
    return resultOf(report, sheet !== undefined, read);
  } catch (error) {
    const isTheirs = error instanceof NoSheet || error instanceof ReceiptError;
    const reason = isTheirs ? error.message : `The check itself failed: ${String(error)}`;
    return { verdict: 'unchecked', reasons: [reason], notes: [], bytes: read };
  }
}

/**
 * Of a draw that is made, what makes the check whole: the verifier goes without, as a file of events may have less, and notes
 * it; what it was not told may be what contradicts.
 */
function missingIn({ run, window }: CheckRequest): string[] {
  const { winner, root, blocks, closedAt, commitment, round } = window ?? {};
  if (winner === undefined) return [];
  const needed: Record<string, unknown> = {
    ...{ root, 'number of blocks': blocks, 'time of its close': closedAt },
    ...{ 'hash of the window’s seed': commitment, 'hash of the run’s seed': run.seedCommitment },
    ...{ 'key of the receipts': run.receiptKey, sheet: winner.sheet },
    ...(run.randomness !== 'seed' && { beacon: run.chain, round, signature: winner.beaconSignature }),
  };
  return Object.keys(needed).filter((name) => needed[name] === undefined);
}

async function sheetOf({ sheetUrl }: CheckRequest, onProgress: OnProgress) {
  if (sheetUrl === undefined) return undefined;
  let total: number | undefined;
  const sheet = await openSheet(sheetUrl, (bytes) => onProgress(bytes, total));
  total = sheet.total;
  return await withFirstLine(sheet.chunks);
}

/** The view cuts a long one; the sheet, which is named by its hash, does not. */
function wholePrize({ window }: CheckRequest, first = ''): string | undefined {
  const prize = window?.winner?.prize;
  if (!prize?.endsWith('…')) return prize;
  const whole = prizeIn(first);
  return whole?.startsWith(prize.slice(0, -1)) ? whole : prize;
}

function prizeIn(line: string): string | undefined {
  try {
    const { prize } = JSON.parse(line) as { prize?: unknown };
    return typeof prize === 'string' ? prize : undefined;
  } catch {
    return undefined;
  }
}

function resultOf(
  { text, failed, failures, sheets, receipt }: Report,
  hasSheet: boolean,
  bytes: number,
): CheckResult {
  // What is no sheet of this draw the verifier leaves alone: a directory may hold others. Here it stands under this one's name.
  const other =
    hasSheet && sheets === 0 ? ['What stands under the name of its sheet is no sheet of this draw.'] : [];
  return {
    verdict: failures + other.length > 0 ? 'contradicts' : 'holds',
    reasons: [...other, ...failed.filter(isReason).map((line) => line.replace(/^FAIL {2}| {6}/, ''))],
    notes: text.filter((line) => line.startsWith('note  ')).map((line) => line.slice('note  '.length)),
    bytes,
    ...(receipt && { receipt }),
  };
}

/** Not the line that only names the draw; its reasons follow it. */
const isReason = (line: string) => !line.startsWith('FAIL  draw ');
