import { hash } from 'node:crypto';
import type { SheetWriter } from '../../../lambda/ports/ports.ts';
import { Effects } from './journal.ts';

/** The sheets of the draws bucket. */
export class MemorySheets implements SheetWriter {
  /** By name. */
  readonly texts = new Map<string, string>();
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async put(lines: readonly Buffer[]): Promise<string> {
    const text = Buffer.concat(lines).toString('utf8');
    const name = hash('sha256', text);
    this.#effects.make('put sheet', () => this.texts.set(name, text));
    return name;
  }
}
