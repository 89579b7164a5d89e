/** The last of many: enough to tell a repetition, which comes soon after the first. */
export class Recent {
  readonly #most: number;
  readonly #seen = new Set<string>();

  /** @param most how many are remembered */
  constructor(most: number) {
    this.#most = most;
  }

  has(text: string): boolean {
    return this.#seen.has(text);
  }

  /** @returns whether it is new */
  add(text: string): boolean {
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= this.#most) break;
      this.#seen.delete(oldest);
    }
    return true;
  }
}
