/** A draw's sheet: JSON lines, the first with what was drawn, each other one a block of entries. */
import { bytesToHex, hashInParts, isLower } from './bytes.ts';
import type { Entry } from './entries.ts';
import { FieldError } from './fields.ts';
import { entryLeaf, priorityBytes } from './hashes.ts';
import type { Draw, Ledger } from './ledger.ts';
import { lineName } from './lines.ts';
import { rootOf, rootOfHashes } from './merkle.ts';
import { drawSeedOf } from './seeds.ts';
import {
  blockOf,
  headerOf,
  linesOf,
  NoSheetError,
  type Pair,
  SheetError,
  type SheetFile,
  type SheetHeader,
} from './sheet-text.ts';

export type Sheet = {
  readonly name: string;
  /** Among the sheets that were read, from 1: what `Entries.isIn` takes. */
  readonly number: number;
  readonly header: SheetHeader;
  /** SHA-256 of its bytes; absent where it could not be read to the end. */
  readonly hash: string | undefined;
  /** Why its own parts do not fit each other, the cause first. */
  readonly problems: readonly string[];
  readonly blocks: number;
  /** Over the roots of its blocks; absent where it has none. */
  readonly windowRoot: string | undefined;
  /** Distinct ones. */
  readonly entries: number;
  /** The entry with the lowest priority; absent where the draw's seed is not known. */
  readonly lowest: { entryId: string; userId: string; priority: Uint8Array } | undefined;
};

/** Reads the sheets of draws that the file has. */
export async function readSheets(
  files: AsyncIterable<SheetFile> | Iterable<SheetFile>,
  ledger: Ledger,
): Promise<void> {
  let number = 0;
  for await (const file of files) {
    number += 1;
    await new SheetReader(file.name, number, ledger).read(file.chunks);
  }
}

class SheetReader {
  readonly #name: string;
  readonly #number: number;
  readonly #ledger: Ledger;
  readonly #problems: string[] = [];
  readonly #roots: string[] = [];
  /** Users of entries that the file has no receipt of. */
  readonly #others = new Map<string, string>();
  #header: SheetHeader | undefined;
  #draw: Draw | undefined;
  #drawSeed: string | undefined;
  #entries = 0;
  #lowest: Sheet['lowest'];
  /** Where the next entry may stand among the ledger's. */
  #guess = 0;

  constructor(name: string, number: number, ledger: Ledger) {
    this.#name = name;
    this.#number = number;
    this.#ledger = ledger;
  }

  /** Gives the sheet to its draw, if the file has that. */
  async read(chunks: SheetFile['chunks']): Promise<void> {
    const hasher = hashInParts();
    let hash: string | undefined;
    let line = 0;
    try {
      for await (const text of linesOf(chunks, hasher)) {
        line += 1;
        if (this.#header !== undefined) this.#addBlock(text);
        else if (!this.#open(text)) return;
      }
      if (line === 0) throw new NoSheetError('it is empty');
      hash = bytesToHex(hasher.digest());
    } catch (error) {
      if (!(error instanceof SheetError || error instanceof FieldError)) throw error;
      if (this.#header !== undefined) this.#problem(`line ${line}: ${error.message}`);
      else if (error instanceof NoSheetError)
        this.#ledger.findings.note('no sheet of a draw, ignored', this.#name);
      else this.#ledger.findings.fail(`sheet ${this.#name}`, error.message);
    }
    if (this.#draw !== undefined && this.#header !== undefined)
      this.#give(this.#draw.sheets, this.#sheet(this.#header, hash));
  }

  /** One that was given before is one: its entries say now that this one has them. */
  #give(sheets: Sheet[], sheet: Sheet): void {
    const index = sheets.findIndex(({ hash }) => hash !== undefined && hash === sheet.hash);
    const known = sheets[index];
    if (known === undefined) sheets.push(sheet);
    else sheets[index] = { ...known, number: sheet.number };
  }

  #sheet(header: SheetHeader, hash: string | undefined): Sheet {
    return {
      ...{ name: this.#name, number: this.#number, header, hash, problems: this.#problems },
      ...{ blocks: this.#roots.length, entries: this.#entries, lowest: this.#lowest },
      windowRoot: this.#roots.length === 0 ? undefined : bytesToHex(rootOfHashes(this.#roots)),
    };
  }

  /** @returns whether the file has its draw */
  #open(text: string): boolean {
    const read = headerOf(text);
    this.#draw = this.#ledger.draws.get(read.drawId);
    if (this.#draw === undefined) {
      this.#ledger.findings.note('sheet of a draw that is not in the file', this.#name);
      return false;
    }
    this.#header = read;
    this.#drawSeed = drawSeedOf(this.#draw, this.#ledger, read);
    return true;
  }

  #addBlock(text: string): void {
    const { root, entries } = blockOf(text);
    if (root <= (this.#roots.at(-1) ?? '')) this.#problem(`block ${root} is not in the order of the roots`);
    this.#roots.push(root);
    const known = entries.map(([entryId]) => this.#find(entryId));
    if (!this.#isProven(root, entries, known) && this.#rootOf(entries) !== root)
      this.#problem(`block ${root} has not the root of its entries`);
    for (const [index, [entryId, userId]] of entries.entries()) this.#addEntry(entryId, userId, known[index]);
  }

  /** In the file they stand one after the other, most often. */
  #find(entryId: string): Entry | undefined {
    const known = this.#ledger.entries.get(entryId, this.#guess);
    if (known !== undefined) this.#guess = known.place + 1;
    return known;
  }

  /** Whether receipts lead from each of its leaves, at that place of a tree of that size, to its root: then it has that root. */
  #isProven(root: string, entries: readonly Pair[], known: readonly (Entry | undefined)[]): boolean {
    const size = entries.length;
    return entries.every(([, userId], index) => {
      const entry = known[index];
      return (
        entry !== undefined &&
        entry.draw === this.#draw &&
        entry.isOf(userId) &&
        entry.isProvenAt({ root, index, size })
      );
    });
  }

  #rootOf(entries: readonly Pair[]): string {
    const { drawId = '' } = this.#header ?? {};
    return bytesToHex(rootOf(entries.map(([entryId, userId]) => entryLeaf(drawId, entryId, userId))));
  }

  #addEntry(entryId: string, userId: string, known: Entry | undefined): void {
    if (known !== undefined && known.draw !== this.#draw)
      this.#problem(`entry ${entryId} has a receipt for another draw (${lineName(known.line)})`);
    // Whose it is, in the file or earlier in the sheet. The text of a user is made where it is another one.
    const user = known?.isOf(userId) ? userId : (known?.userId ?? this.#others.get(entryId));
    if (user !== undefined && user !== userId)
      this.#problem(`entry ${entryId} is of user ${userId}, and elsewhere of user ${user}`);
    if (known === undefined) {
      if (user !== undefined) return;
      this.#others.set(entryId, userId);
    } else {
      if (known.sheet === this.#number) return;
      known.sheet = this.#number;
    }
    this.#entries += 1;
    if (this.#drawSeed === undefined) return;
    const priority = priorityBytes(this.#drawSeed, entryId);
    if (this.#lowest === undefined || isLower(priority, this.#lowest.priority))
      this.#lowest = { entryId, userId, priority };
  }

  /** Named once: what is wrong in one block is wrong in a thousand. */
  #problem(reason: string): void {
    if (this.#problems.length < 5) this.#problems.push(`the sheet ${this.#name}: ${reason}`);
  }
}
