/**
 * The server's clock, as far as what comes from there tells it. Whatever the server stamped was stamped before it came: each
 * stamp is a time that the server's clock has at least, and the one that was under way for the shortest time is the best.
 */
export class ServerClock {
  readonly #own: () => number;
  #ahead: number | undefined;
  #isOld = false;

  /** @param own ms, of a clock that is never set */
  constructor(own: () => number) {
    this.#own = own;
  }

  /** @param stamp the server's, ms since 1970 */
  learn(stamp: number): void {
    const ahead = stamp - this.#own();
    if (!Number.isFinite(ahead)) return;
    if (this.#ahead !== undefined && !this.#isOld && ahead <= this.#ahead) return;
    this.#ahead = ahead;
    this.#isOld = false;
  }

  /**
   * After a break the own clock may have slept: the next stamp counts, whatever it says. Until then what is known is nearer than
   * the clock that somebody set on this machine.
   */
  doubt(): void {
    this.#isOld = true;
  }

  /** ms since 1970; this machine's own until anything is known. */
  now(): number {
    return this.#ahead === undefined ? Date.now() : this.#own() + this.#ahead;
  }
}
