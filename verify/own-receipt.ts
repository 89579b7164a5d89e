/** What became of one receipt, for the player who holds it: one sentence. */
import type { Accepted } from './events.ts';
import { drawSeed, priority } from './hashes.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import type { Report } from './report.ts';
import { isWhole, sheetOf } from './sheets.ts';
import { isOfRun } from './windows.ts';

/** @param receipt that the ledger has among its events, with all checks done */
export function sentenceOn(receipt: Accepted, ledger: Ledger): NonNullable<Report['receipt']> {
  const { entryId, userId } = receipt;
  const draw = ledger.draws.get(receipt.draw.drawId);
  if (draw === undefined) throw new RangeError('The ledger lacks the receipt');
  const who = `Entry ${entryId} of user ${userId}`;
  const cause = causeIn(draw, ledger);
  if (cause !== undefined) {
    return {
      sentence: `${who} has a receipt for draw ${draw.drawId}, which does not hold: ${cause}.`,
      contradicts: true,
    };
  }
  return {
    sentence: `${who} ${partIn(draw, receipt, ledger)}${unsigned(receipt, draw, ledger)}.`,
    contradicts: false,
  };
}

/** Of its draw or of its run: other draws are other people's. */
function causeIn(draw: Draw, { findings }: Ledger): string | undefined {
  const run = runLabel(draw);
  const [ofRun] = findings.failures.get(run) ?? [];
  const [ofDraw] = findings.failures.get(draw.drawId) ?? [];
  return ofDraw ?? (ofRun === undefined ? undefined : `${run}: ${ofRun}`);
}

function partIn(draw: Draw, { entryId }: Accepted, ledger: Ledger): string {
  const { winner, drawId } = draw;
  const won = winner && wonBy(draw, entryId);
  if (draw.refunds.has(entryId)) return `${refundFrom(draw, ledger)}${won === undefined ? '' : `; ${won}`}`;
  if (winner === undefined || won === undefined)
    return `was accepted for draw ${drawId}, which has no winner in the file`;
  const own = `priority ${priority(drawSeed(winner.windowSeed, winner.beaconSignature), entryId)}`;
  if (!isShownIn(draw, entryId, ledger))
    return `has ${own} in draw ${drawId}, but only its sheet shows whether it took part; ${won}`;
  return `took part in draw ${drawId}, one of ${winner.entries}, with ${own}; ${won}`;
}

/** That it took no part is in the sheet too, but where its run makes no such draw. What contradicts is said before. */
function refundFrom(draw: Draw, ledger: Ledger): string {
  if (sheetOf(draw) === undefined && isOfRun(draw, ledger))
    return `was refunded from draw ${draw.drawId}, but only its sheet shows whether it took part`;
  return `was refunded and took no part in draw ${draw.drawId}`;
}

/** That it took part is in the sheet, or follows from all blocks being in the file. */
function isShownIn(draw: Draw, entryId: string, { entries }: Ledger): boolean {
  const sheet = sheetOf(draw);
  return sheet === undefined ? isWhole(draw) : entries.isIn(entryId, sheet.number);
}

function wonBy({ winner }: Draw, entryId: string): string | undefined {
  if (winner === undefined) return undefined;
  const prize = winner.prize === undefined ? '' : ` "${winner.prize}"`;
  if (winner.entryId === entryId) return `it won${prize}`;
  return `user ${winner.userId} won${prize} with the lowest priority, ${winner.priority}`;
}

function unsigned({ proof }: Accepted, draw: Draw, { starts }: Ledger): string {
  if (proof !== undefined && starts.get(runLabel(draw))?.receiptKey !== undefined) return '';
  return proof === undefined
    ? ' (it has no receipt that proves it)'
    : ' (its signature is not checked: the file has no key)';
}
