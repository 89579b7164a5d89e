import { type Block, blockIn, nameOf } from '../../../lambda/core/block.ts';
import type { Blocks, BlockWriter } from '../../../lambda/ports/ports.ts';
import { Effects } from './journal.ts';

/** The blocks of the draws bucket. A test may take one away, or change it. */
export class MemoryBlocks implements BlockWriter, Blocks {
  /** What the next puts throw. */
  error: Error | undefined;
  /** By name. */
  readonly texts = new Map<string, string>();
  /** Names of blocks, by the names of their lists. */
  readonly lists = new Map<string, readonly string[]>();
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async put(name: string, text: string): Promise<void> {
    if (this.error) throw this.error;
    this.#effects.make('put block', () => this.texts.set(name, text));
  }

  async listed(list: string): Promise<readonly string[] | undefined> {
    return this.lists.get(list);
  }

  async read(names: readonly string[]): Promise<Map<string, Block>> {
    return new Map(
      names.flatMap((name) => {
        const text = this.texts.get(name);
        const block = text === undefined || nameOf(text) !== name ? undefined : blockIn(text);
        return block === undefined ? [] : [[name, block] as const];
      }),
    );
  }
}
