/** What a verification finds: failures are contradictions, notes say what could not be checked and why. */
export class Findings {
  /** Reasons by place: a draw id, a run of a lottery, or a line. */
  readonly failures = new Map<string, string[]>();
  /** Places by note. */
  readonly notes = new Map<string, string[]>();

  fail(place: string, reason: string): void {
    append(this.failures, place, reason);
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
