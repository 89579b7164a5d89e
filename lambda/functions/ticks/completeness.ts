import type {
  Completeness,
  CompletenessStore,
  HeartbeatSender,
  InputShards,
  OpenShard,
  WatermarkReader,
} from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** How often somebody looks, however many wait; and how often idle shards are given something to move on by. In ms. */
const lookEveryMs = 500;
const heartbeatEveryMs = 1_000;
/** How often it is asked whether somebody has looked. */
const pauseMs = 200;
/** How far behind a shard is told, ms. */
const tellFromMs = 5_000;

export interface CompletenessDependencies {
  /** Whether old events are replayed: then each shard's watermark is its clicks' own time. */
  readonly isReplay: boolean;
  readonly store: CompletenessStore;
  readonly watermarks: WatermarkReader;
  readonly shards: InputShards;
  readonly heartbeats: HeartbeatSender;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Up to where the inputs are complete: all that arrived before is processed and published, in every shard that is open.
 * One look serves all who ask, so that a thousand draws do not read a thousand shards each.
 */
export class InputCompleteness {
  readonly #dependencies: CompletenessDependencies;

  constructor(dependencies: CompletenessDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Waits until the inputs are complete up to a time, as long as it may.
   * @param wanted and @param maximumWaitMs in ms
   * @returns up to where they are
   */
  async reach(wanted: number, maximumWaitMs: number): Promise<number> {
    const { store, now, sleep } = this.#dependencies;
    const end = now() + maximumWaitMs;
    for (;;) {
      const told = await store.known();
      const isDue = told.watermark < wanted && Math.abs(now() - told.lookedAt) >= lookEveryMs;
      const known = isDue ? await this.#look(told, wanted) : told;
      if (known.watermark >= wanted) return known.watermark;
      if (now() + pauseMs > end) return this.#tooEarly(known, wanted);
      await sleep(pauseMs);
    }
  }

  /** To be told in the minute in which draws wait, and in no other: an idle shard is behind until its heartbeat comes. */
  #tooEarly({ watermark, slowest }: Completeness, wanted: number): number {
    const { telemetry, isReplay, now } = this.#dependencies;
    if (isReplay) return watermark;
    // A shard that nobody has begun to read is not behind since 1970.
    const behindMs = watermark === 0 ? now() - wanted : wanted - watermark;
    telemetry.watermarkDelay(behindMs);
    if (behindMs > tellFromMs) telemetry.warn('A shard holds draws up', { slowest, behindMs });
    return watermark;
  }

  /** @returns what is known then: no more than before where somebody else looks just now */
  async #look(known: Completeness, wanted: number): Promise<Completeness> {
    const { store, isReplay, now } = this.#dependencies;
    const lookedAt = now();
    const givesHeartbeat = !isReplay && Math.abs(lookedAt - known.heartbeatAt) >= heartbeatEveryMs;
    const mine = { ...known, lookedAt, heartbeatAt: givesHeartbeat ? lookedAt : known.heartbeatAt };
    if (!(await store.replace(mine))) return known;
    const { watermark, slowest, behind } = await this.#watermark(wanted);
    const found = {
      ...mine,
      watermark: Math.max(known.watermark, watermark),
      slowest,
      version: known.version + 1,
    };
    await store.replace(found);
    if (givesHeartbeat && behind.length > 0) await this.#giveHeartbeats(behind);
    return found;
  }

  /** A shard that has no room for one has events that move it on, and the next look gives another. */
  async #giveHeartbeats(behind: readonly OpenShard[]): Promise<void> {
    const { heartbeats, telemetry } = this.#dependencies;
    try {
      await heartbeats.send(behind, { type: 'Heartbeat' });
      telemetry.count('heartbeatsPut', behind.length);
    } catch (error) {
      telemetry.warn('Heartbeats could not be put', { error });
    }
  }

  /**
   * First the shards, then how far they are: one that is opened in between holds what arrives later. A shard without a
   * watermark is at the beginning: those that it came from may not be read to their ends.
   */
  async #watermark(wanted: number): Promise<{ watermark: number; slowest: string; behind: OpenShard[] }> {
    const { shards, watermarks, isReplay } = this.#dependencies;
    const all = await shards.open();
    const open = isReplay ? all.filter(({ input }) => input === 'user') : all;
    const progress = await watermarks.progressOf(open);
    const marks = progress.map((each) => (isReplay ? each?.clock : each?.watermark) ?? 0);
    const watermark = Math.min(...marks);
    const [first] = open.filter((_, index) => marks[index] === watermark);
    return {
      watermark,
      slowest: first === undefined ? '' : `${first.input}/${first.shardId}`,
      behind: open.filter((_, index) => (marks[index] ?? 0) < wanted),
    };
  }
}
