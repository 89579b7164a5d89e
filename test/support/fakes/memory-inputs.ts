import type { Heartbeat } from '../../../lambda/core/events.ts';
import { compareSequenceNumbers } from '../../../lambda/core/ids.ts';
import type {
  Completeness,
  CompletenessStore,
  HeartbeatSender,
  InputShards,
  OpenShard,
  Progress,
  ShardKey,
  WatermarkReader,
  WatermarkWriter,
} from '../../../lambda/ports/ports.ts';
import { Effects } from './journal.ts';

/** The watermarks table. */
export class MemoryWatermarks implements WatermarkWriter, WatermarkReader, CompletenessStore {
  /** By `<input>/<shardId>`. */
  readonly shards = new Map<string, Progress>();
  all: Completeness = { watermark: 0, lookedAt: 0, heartbeatAt: 0, slowest: '', version: 0 };
  /** How many items were read. */
  reads = 0;
  readonly #effects: Effects;

  constructor(effects = new Effects()) {
    this.#effects = effects;
  }

  async advance(shard: ShardKey, progress: Progress): Promise<void> {
    const known = this.shards.get(keyOf(shard));
    if (known && compareSequenceNumbers(known.position, progress.position) >= 0) return;
    this.#effects.make(`watermark ${keyOf(shard)}`, () => this.shards.set(keyOf(shard), progress));
  }

  async progressOf(shards: readonly ShardKey[]): Promise<(Progress | undefined)[]> {
    this.reads += shards.length;
    return shards.map((shard) => this.shards.get(keyOf(shard)));
  }

  async known(): Promise<Completeness> {
    this.reads += 1;
    return this.all;
  }

  async replace(known: Completeness): Promise<boolean> {
    if (known.version !== this.all.version) return false;
    this.all = { ...known, version: known.version + 1 };
    return true;
  }
}

function keyOf({ input, shardId }: ShardKey): string {
  return `${input}/${shardId}`;
}

/** The shards of the inputs: heartbeats that are put on them are noted. */
export class MemoryInputs implements InputShards, HeartbeatSender {
  opened: OpenShard[];
  /** Of a shard, all that it comes from, by its id. */
  readonly parents = new Map<string, readonly string[]>();
  readonly heartbeats: { readonly targets: readonly string[]; readonly heartbeat: Heartbeat }[] = [];
  /** How often the shards were listed. */
  lists = 0;

  constructor(opened: readonly OpenShard[] = []) {
    this.opened = [...opened];
  }

  async open(): Promise<OpenShard[]> {
    this.lists += 1;
    return [...this.opened];
  }

  async ancestors({ input, shardId }: ShardKey): Promise<ShardKey[]> {
    return (this.parents.get(shardId) ?? []).map((parent) => ({ input, shardId: parent }));
  }

  async send(shards: readonly OpenShard[], heartbeat: Heartbeat): Promise<void> {
    this.heartbeats.push({ targets: shards.map(({ target }) => target), heartbeat });
  }
}
