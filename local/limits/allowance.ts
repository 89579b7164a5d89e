export interface Rate {
  /** Calls, or records. */
  readonly count: number;
  /** Bytes, or units, of all of them. */
  readonly size: number;
}

/**
 * What may pass in a second. How AWS counts is not documented: here a second begins with the first that passes after the
 * one before is over, so that no call is refused a second after another. What is larger than a second's may pass where
 * nothing else has: it takes as many seconds as it is worth (Kinesis API reference, GetRecords: after 10 MB
 * from a shard that gives 2 MB a second, calls are refused for 5 s).
 */
export class Allowance {
  readonly #rate: Rate;
  #start = 0;
  #end = 0;
  #count = 0;
  #size = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether one more of that size may pass. @param now ms */
  hasRoom(size: number, now: number): boolean {
    // A clock may be set back.
    if (now >= this.#end || now < this.#start) return true;
    const { count, size: most } = this.#rate;
    return this.#count < count && (this.#size === 0 || this.#size + size <= most);
  }

  /** One has passed. @returns gives it back, where it has come to nothing; when another second has begun, it is over */
  take(size: number, now: number): () => void {
    if (now >= this.#end || now < this.#start) {
      this.#start = now;
      this.#count = 0;
      this.#size = 0;
    }
    this.#count += 1;
    this.spend(size);
    const start = this.#start;
    return () => {
      if (this.#start !== start) return;
      this.#count -= 1;
      this.spend(-size);
    };
  }

  /** What has passed already is larger by that. */
  spend(size: number): void {
    this.#size += size;
    this.#end = this.#start + 1_000 * Math.max(1, this.#size / this.#rate.size);
  }
}
