/**
 * The server's clock, as far as what comes from there tells it. Whatever the server stamped was stamped before it came: each
 * stamp is a time that the server's clock has at least, and the one that was under way for the shortest time is the best.
 */
export class ServerClock {
  readonly #own: () => number;
  #ahead: number | undefined;

  /** @param own ms, of a clock that is never set */
  constructor(own: () => number) {
    this.#own = own;
  }

  /** @param stamp the server's, ms since 1970 */
  learn(stamp: number): void {
    const ahead = stamp - this.#own();
    if (Number.isFinite(ahead) && (this.#ahead === undefined || ahead > this.#ahead)) this.#ahead = ahead;
  }

  /** After a break the own clock may have slept. */
  forget(): void {
    this.#ahead = undefined;
  }

  /** ms since 1970; this machine's own until anything is known. */
  now(): number {
    return this.#ahead === undefined ? Date.now() : this.#own() + this.#ahead;
  }
}
