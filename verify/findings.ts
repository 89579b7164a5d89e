/** What a verification finds: failures are contradictions, notes say what could not be checked and why. */
export class Findings {
  /** Reasons by place: a draw id, a run of a lottery, or a line. */
  readonly failures = new Map<string, string[]>();
  /** What a failure at the same place may have caused: of no weight beside it. By place. */
  readonly consequences = new Map<string, string[]>();
  /** Places by note. */
  readonly notes = new Map<string, string[]>();

  fail(place: string, reason: string): void {
    append(this.failures, place, reason);
  }

  /** For checks that rest on the ones before: a failure if it is the first at its place, else a consequence of that. */
  failNext(place: string, reason: string): void {
    if (this.failures.has(place)) this.follow(place, reason);
    else this.fail(place, reason);
  }

  follow(place: string, reason: string): void {
    append(this.consequences, place, reason);
  }

  note(what: string, place: string): void {
    append(this.notes, what, place);
  }

  failureCount(): number {
    return [...this.failures.values()].reduce((count, reasons) => count + reasons.length, 0);
  }
}

function append(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
