/** Distinct texts, numbered from 0 in the order in which they came: a million of them, found by what they say. */
import { NumberColumn, TextColumn } from './columns.ts';

export class TextSet {
  readonly #texts = new TextColumn();
  readonly #hashes = new NumberColumn('int32');
  /** Numbers from 1, each at its hash or in the first empty slot (0) behind it. At most half of the slots are taken. */
  #slots = new Int32Array(1024);
  /** Nobody can choose texts that all fall on one slot. */
  readonly #start = Math.floor(Math.random() * 2 ** 32) | 0;

  get size(): number {
    return this.#texts.length;
  }

  /** @returns its number, and whether it is new */
  add(text: string): { number: number; isNew: boolean } {
    const hash = this.#hash(text);
    const slot = this.#slotOf(text, hash);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return { number: known - 1, isNew: false };
    const number = this.size;
    this.#texts.push(text);
    this.#hashes.push(hash);
    this.#slots[slot] = number + 1;
    if (2 * this.size > this.#slots.length) this.#grow();
    return { number, isNew: true };
  }

  /** @param guess a number that it may have: to look there first takes less time */
  numberOf(text: string, guess = -1): number | undefined {
    if (guess >= 0 && guess < this.size && this.#texts.is(guess, text)) return guess;
    const known = this.#slots[this.#slotOf(text, this.#hash(text))] ?? 0;
    return known > 0 ? known - 1 : undefined;
  }

  at(number: number): string {
    return this.#texts.at(number);
  }

  /** The slot that it is in, or that is empty for it. */
  #slotOf(text: string, hash: number): number {
    const last = this.#slots.length - 1;
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || (this.#hashes.at(known - 1) === hash && this.#texts.is(known - 1, text)))
        return slot;
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const last = this.#slots.length - 1;
    for (let number = 0; number < this.size; number += 1) {
      let slot = this.#hashes.at(number) & last;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
      this.#slots[slot] = number + 1;
    }
  }

  #hash(text: string): number {
    let hash = this.#start;
    for (let index = 0; index < text.length; index += 1)
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x9e3779b1) ^ (hash >>> 15);
    return Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) ^ (hash >>> 13);
  }
}
