/** Things that are due at a time: a binary heap, the earliest at its root. */
export class EarliestFirst<Thing> {
  readonly #heap: { readonly at: number; readonly thing: Thing }[] = [];

  /** When the first is due; undefined when there is none. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.at;
  }

  add(at: number, thing: Thing): void {
    const added = { at, thing };
    let index = this.#heap.length;
    this.#heap.push(added);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.at <= at) break;
      this.#heap[index] = parent;
      index = above;
    }
    this.#heap[index] = added;
  }

  /** Takes the first, if it is due. */
  takeDue(now: number): Thing | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first.thing;
  }

  #sink(last: { readonly at: number; readonly thing: Thing }): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [one, other] = [this.#heap[left], this.#heap[left + 1]];
      const isRight = one !== undefined && other !== undefined && other.at < one.at;
      const child = isRight ? other : one;
      if (child === undefined || child.at >= last.at) break;
      this.#heap[index] = child;
      index = isRight ? left + 1 : left;
    }
    this.#heap[index] = last;
  }
}
