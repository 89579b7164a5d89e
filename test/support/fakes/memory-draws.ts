import type { ClosedDraw } from '../../../lambda/core/closed-draw.ts';
import type { StoredDraw } from '../../../lambda/core/draw.ts';
import type { OpenDraws } from '../../../lambda/core/draw-state.ts';
import { type RunKey, runKey } from '../../../lambda/core/window.ts';
import type { ClosedDrawStore, DrawStore, OpenDrawStore } from '../../../lambda/ports/ports.ts';
import { TextMissing } from '../../../lambda/ports/text-missing.ts';
import { checkKey } from './aws-limits.ts';
import { Effects } from './journal.ts';

/** The draws table. */
export class MemoryDraws implements DrawStore, ClosedDrawStore, OpenDrawStore {
  readonly draws = new Map<string, StoredDraw>();
  readonly closed = new Map<string, ClosedDraw>();
  /** What waits for its tick, by `runKey`. */
  readonly waiting = new Map<string, OpenDraws>();
  /** Keys of items whose lists of blocks are taken away. */
  readonly withoutList = new Set<string>();
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async putDrawIfAbsent(draw: StoredDraw): Promise<{ stored: StoredDraw; isNew: boolean }> {
    const { drawId } = draw;
    checkKey(drawId);
    const stored = this.#whole(drawId, this.draws.get(drawId));
    if (stored !== undefined) return { stored, isNew: false };
    this.#effects.make(`write ${drawId}`, () => this.draws.set(drawId, draw));
    return { stored: draw, isNew: true };
  }

  async drawOf(drawId: string): Promise<StoredDraw | undefined> {
    checkKey(drawId);
    return this.#whole(drawId, this.draws.get(drawId));
  }

  async closeIfAbsent(draw: ClosedDraw): Promise<ClosedDraw> {
    const { drawId } = draw;
    checkKey(`${drawId}/closed`);
    const stored = this.#whole(`${drawId}/closed`, this.closed.get(drawId));
    if (stored !== undefined) return stored;
    this.#effects.make(`close ${drawId}`, () => this.closed.set(drawId, draw));
    return draw;
  }

  async closedOf(drawId: string): Promise<ClosedDraw | undefined> {
    checkKey(`${drawId}/closed`);
    return this.#whole(`${drawId}/closed`, this.closed.get(drawId));
  }

  #whole<Item>(key: string, item: Item): Item {
    if (item !== undefined && this.withoutList.has(key)) throw new TextMissing(`${key} has lost its list`);
    return item;
  }

  async open(run: RunKey): Promise<OpenDraws> {
    checkKey(`${runKey(run)}/open`);
    this.#whole(`${runKey(run)}/open`, {});
    return structuredClone(this.waiting.get(runKey(run)) ?? {});
  }

  async change(run: RunKey, change: (open: OpenDraws) => OpenDraws): Promise<void> {
    checkKey(`${runKey(run)}/open`);
    const changed = change(structuredClone(this.waiting.get(runKey(run)) ?? {}));
    this.#effects.make(`write ${runKey(run)}/open`, () =>
      this.waiting.set(runKey(run), structuredClone(changed)),
    );
  }
}
