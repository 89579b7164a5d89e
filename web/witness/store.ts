/** Keeps what was seen over visits, where the browser lets it; else as long as the page is open. */
import type { LiveView } from '../../lambda/core/live-view.ts';
import { observe, type SeenRun } from './witness.ts';

const prefix = 'seen/';
/** Lotteries that are kept. */
const kept = 30;

export class WitnessStore {
  readonly #channel: string;
  readonly #isLocal: boolean;
  #seen: SeenRun | undefined;
  #isKept = false;

  /** @param isLocal on one machine, where each start of the environment begins with empty tables, and no run is that of before */
  constructor(channel: string, isLocal: boolean) {
    this.#channel = channel;
    this.#isLocal = isLocal;
    this.#seen = this.#read();
  }

  get seen(): SeenRun | undefined {
    return this.#seen;
  }

  /** Whether it outlives the page. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** @param serverNow ms, by the server's clock */
  take(view: LiveView, serverNow: number): void {
    const isOther = this.#isLocal && this.#seen?.seedCommitment !== view.seedCommitment;
    const seen = observe(isOther ? undefined : this.#seen, view, Math.max(Date.now(), serverNow));
    if (seen === this.#seen) return;
    this.#seen = seen;
    try {
      localStorage.setItem(prefix + this.#channel, JSON.stringify(seen));
      this.#isKept = true;
      forgetOld();
    } catch {
      // No storage here, or no room in it.
      this.#isKept = false;
    }
  }

  #read(): SeenRun | undefined {
    try {
      const seen = seenIn(localStorage.getItem(prefix + this.#channel));
      this.#isKept = seen !== undefined;
      return seen;
    } catch {
      return undefined;
    }
  }
}

/** What a page of another version may have kept is not trusted to be whole. */
function seenIn(text: string | null): SeenRun | undefined {
  const seen = JSON.parse(text ?? 'null') as Partial<SeenRun> | null;
  const isWhole =
    typeof seen?.run === 'number' && typeof seen.draws === 'object' && typeof seen.prizes === 'object';
  return isWhole ? (seen as SeenRun) : undefined;
}

function forgetOld(): void {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  if (names.length <= kept) return;
  const ages = names.map((name) => ({ name, seenAt: seenIn(localStorage.getItem(name))?.seenAt ?? 0 }));
  ages.sort((left, right) => left.seenAt - right.seenAt);
  for (const { name } of ages.slice(0, names.length - kept)) localStorage.removeItem(name);
}
