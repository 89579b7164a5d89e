import type { WindowBounds } from './events.ts';

/** Where a shard goes on. All of it is replaced at once, so that position and window state never disagree. */
export interface ShardCheckpoint {
  /** Every record up to this one is finished. Absent: none is. */
  sequenceNumber?: string;
  /** With a parallelization factor above 1: per lane, the last finished record; null where none is. */
  lanes?: readonly (string | null)[];
  /** The open tumbling window with its state. */
  window?: WindowBounds & { state: WindowState };
  /** The shard is closed and drained: its children may start. */
  finished?: true;
}

export type WindowState = Readonly<Record<string, unknown>>;

export interface MappingCheckpoint {
  /** Records that arrived before this instant (ms) are not delivered; null: from the oldest one on. */
  startAtMs: number | null;
  shards: Readonly<Record<string, ShardCheckpoint>>;
}

/** Where checkpoints live between two runs. Checkpoints are plain JSON and never changed in place. */
export interface CheckpointStore {
  load(mappingId: string): Promise<MappingCheckpoint | undefined>;
  save(mappingId: string, checkpoint: MappingCheckpoint): Promise<void>;
}

/** Forgets with the process: for tests, and for runs on engines that forget as well. */
export function inMemoryCheckpoints(): CheckpointStore {
  const checkpoints = new Map<string, MappingCheckpoint>();
  return {
    load: async (id) => checkpoints.get(id),
    save: async (id, checkpoint) => {
      checkpoints.set(id, checkpoint);
    },
  };
}

/**
 * Keeps a mapping's checkpoint and writes it, one save at a time and always the newest. A save that comes late only
 * makes more records come again after a kill (delivery is at least once), so nobody waits for it but `flush`.
 */
export class CheckpointKeeper {
  readonly #id: string;
  readonly #store: CheckpointStore;
  #checkpoint: MappingCheckpoint;
  #dirty = false;
  #saving: Promise<void> | undefined;
  #error: unknown;

  constructor(id: string, store: CheckpointStore, checkpoint: MappingCheckpoint) {
    this.#id = id;
    this.#store = store;
    this.#checkpoint = checkpoint;
  }

  get current(): MappingCheckpoint {
    return this.#checkpoint;
  }

  shard(shardId: string): ShardCheckpoint {
    return this.#checkpoint.shards[shardId] ?? {};
  }

  setShard(shardId: string, shard: ShardCheckpoint): void {
    this.#checkpoint = {
      ...this.#checkpoint,
      shards: { ...this.#checkpoint.shards, [shardId]: shard },
    };
    this.touch();
  }

  /** Marks the checkpoint as not yet saved. */
  touch(): void {
    this.#dirty = true;
    this.#saving ??= this.#save();
  }

  /** @throws what the store threw at its last save. */
  async flush(): Promise<void> {
    while (this.#saving) await this.#saving;
    if (this.#error !== undefined) throw this.#error;
  }

  async #save(): Promise<void> {
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await this.#store.save(this.#id, this.#checkpoint);
        this.#error = undefined;
      } catch (error) {
        this.#error = error;
      }
    }
    this.#saving = undefined;
  }
}
