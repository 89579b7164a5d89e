import { sign } from 'node:crypto';
import type { ReceiptKeys, ReceiptSigner } from '../../../lambda/ports/ports.ts';
import { receiptKey, receiptPrivateKey } from '../receipt-key.ts';
import { Effects } from './journal.ts';

/** The key of the receipts. As with KMS, no two signatures of a text are alike. */
export class MemoryReceipts implements ReceiptSigner, ReceiptKeys {
  /** What the next calls throw. */
  error: Error | undefined;
  /** What was signed. */
  readonly texts: string[] = [];
  keyReads = 0;
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async sign(text: string): Promise<string> {
    if (this.error) throw this.error;
    this.#effects.make('sign', () => this.texts.push(text));
    const key = { key: receiptPrivateKey, dsaEncoding: 'ieee-p1363' } as const;
    return sign('sha256', Buffer.from(text), key).toString('base64url');
  }

  async publicKey(): Promise<string> {
    if (this.error) throw this.error;
    this.keyReads += 1;
    return receiptKey;
  }
}
