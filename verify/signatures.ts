/** Signatures of receipts: one for each batch, and so checked once for all of its receipts. */
import { fromBase64, fromBase64url } from './bytes.ts';
import type { Findings } from './findings.ts';
import { receiptText } from './hashes.ts';
import { lineName, Tally } from './lines.ts';

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

type Signed = { run: string; drawId: string; batchRoot: string; signature: string };

/** So many at once: the platform spreads them over the cores. */
const concurrency = 64;

export class Signatures {
  /** By run, draw, batch and signature. */
  readonly #signed = new Map<string, Signed & { lines: Tally }>();
  /** Receipts of one batch come one after the other. */
  #latest: (Signed & { lines: Tally }) | undefined;

  add({ line, ...signed }: Signed & { line: number }): void {
    if (this.#latest === undefined || !isSame(this.#latest, signed)) this.#latest = this.#add(signed);
    this.#latest.lines.add(line);
  }

  #add(signed: Signed): Signed & { lines: Tally } {
    // Both hashes have one length only, so that no two can be taken for each other.
    const key = signed.batchRoot + signed.signature + signed.drawId;
    const known = this.#signed.get(key) ?? { ...signed, lines: new Tally() };
    this.#signed.set(key, known);
    return known;
  }

  /** @param keys by run, base64 of a SubjectPublicKeyInfo; what has none is not checked */
  async check(keys: ReadonlyMap<string, string>, findings: Findings): Promise<void> {
    const imported = await importAll(keys, findings);
    const verified = new Map<string, Promise<boolean>>();
    const isValid = ({ run, batchRoot, signature }: Signed, key: Key) => {
      const name = `${keys.get(run)} ${batchRoot} ${signature}`;
      const known = verified.get(name) ?? isSigned(key, batchRoot, signature);
      verified.set(name, known);
      return known;
    };
    const all = [...this.#signed.values()];
    for (let start = 0; start < all.length; start += concurrency) {
      const some = all.slice(start, start + concurrency);
      const results = await Promise.all(
        some.map(async (signed) => {
          const key = imported.get(signed.run);
          return key === undefined || (await isValid(signed, key));
        }),
      );
      for (const [index, { drawId, lines }] of some.entries()) {
        if (results[index] === false) findings.fail(drawId, notSigned(lines));
      }
    }
  }
}

function isSame(left: Signed, right: Signed): boolean {
  return (
    left.batchRoot === right.batchRoot && left.signature === right.signature && left.drawId === right.drawId
  );
}

function notSigned({ first, others }: Tally): string {
  return `the receipt on ${lineName(first)} is not signed with the key of its run${others}`;
}

async function importAll(keys: ReadonlyMap<string, string>, findings: Findings): Promise<Map<string, Key>> {
  const imported = new Map<string, Key>();
  for (const [run, text] of keys) {
    // A page that came by http has none; that is not to be taken for a key that is wrong.
    if (globalThis.crypto?.subtle === undefined)
      throw new Error('No WebCrypto here to check signatures with');
    try {
      imported.set(run, await importKey(text));
    } catch {
      findings.fail(run, 'receiptKey is no public key of P-256: no receipt of the run can be checked');
    }
  }
  return imported;
}

async function importKey(text: string): Promise<Key> {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new TypeError('not base64');
  return await crypto.subtle.importKey('spki', bytes, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'verify',
  ]);
}

async function isSigned(key: Key, batchRoot: string, signature: string): Promise<boolean> {
  const bytes = fromBase64url(signature);
  const message = new TextEncoder().encode(receiptText(batchRoot));
  if (bytes === undefined) return false;
  return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes, message);
}
