import { z } from 'zod';
import type { Channel } from '../../client/expectations.ts';
import { type OutputEvent, parseOutputEvent } from '../../client/output-events.ts';
import type { Settings } from '../oracle/oracle.ts';
import type { InputRecord } from '../oracle/streams.ts';
import type { Inputs, OutputRecord } from './judge.ts';
import { refPattern } from './refs.ts';

/** What the audit looks at: the tables, the streams, the bucket, and what was put. Nothing from inside a function. */
export interface Evidence {
  /** Of the environment, and when all of this was read. */
  settings: Settings;
  /** Ids of the records that the players put, by stream. */
  put: Readonly<Record<Channel, readonly string[]>>;
  /** All events of the input streams: those, also in aggregated records, the refunds that the draw function asks for, and heartbeats. */
  inputs: Readonly<Record<Channel, readonly InputRecord[]>>;
  /** Every shard of the input streams, with those that it was split or merged from. */
  parents: Inputs['parents'];
  /** The distinct records of the output streams, and when each came first. */
  published: Readonly<Record<Channel, readonly OutputRecord[]>>;
  /** The events in them. */
  outputs: Readonly<Record<Channel, readonly OutputEvent[]>>;
  users: readonly UserItem[];
  /** What the draws table holds, by what each item is (`drawsTableItem`). */
  draws: readonly DrawItem[];
  closed: readonly ClosedItem[];
  open: readonly OpenItem[];
  refunds: readonly RefundItem[];
  grants: readonly GrantItem[];
  /** The blocks of the draws bucket, by their names. */
  blocks: ReadonlyMap<string, Block>;
  /** The sheets of draws, by their names. */
  sheets: ReadonlyMap<string, string>;
  /** Texts of the records of the output streams that the archive has to have, by their ids. */
  emitted: Readonly<Record<Channel, ReadonlyMap<string, string>>>;
  /** The objects of the archive, unpacked, by their keys. */
  archive: ReadonlyMap<string, string>;
  /** What the chain of the beacon has signed, by round: from itself, and not from what was drawn. */
  signatures: ReadonlyMap<number, string>;
  lotteries: readonly LotteryItem[];
  seeds: readonly SeedItem[];
  /** Keys of what lies in the artifacts bucket. */
  failedBatches: readonly string[];
}

export const userItem = z.object({
  userId: z.string(),
  coupons: z.number(),
  /** Ids of refunds that gave the user a coupon back, as long as they may not be marked as taken. */
  refunds: z.array(z.string()).optional(),
  /** Ids of grants, in the same way. */
  grants: z.array(z.string()).optional(),
});

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const blockRef = z.string().regex(refPattern);

const chain = z.object({
  chainHash: digest,
  publicKey: z.string(),
  genesisSeconds: z.number(),
  periodSeconds: z.number(),
});

/** An object of the draws bucket: `[entryId, userId]` of the clicks that a batch accepted, in their order, by draw. */
export const block = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/** A draw, with the references of the blocks that its entries are in. */
export const drawItem = z.object({
  drawId: z.string(),
  lotteryId: z.string(),
  run: z.number(),
  windowStart: z.number(),
  windowEnd: z.number(),
  winner: z.object({ entryId: z.string(), userId: z.string(), priority: z.string() }),
  entries: z.number(),
  windowSeed: z.string(),
  prize: z.string().optional(),
  blocks: z.array(blockRef),
  windowRoot: digest,
  sheet: digest,
  beacon: z.object({ round: z.number(), signature: z.string() }).optional(),
});

const CLOSED = '/closed';

/** A draw whose entries are fixed: its item's id is that of the draw, and "/closed". */
export const closedItem = z.object({
  drawId: z
    .string()
    .endsWith(CLOSED)
    .transform((id) => id.slice(0, -CLOSED.length)),
  lotteryId: z.string(),
  run: z.number(),
  windowStart: z.number(),
  windowEnd: z.number(),
  blocks: z.array(blockRef),
  windowRoot: digest,
  windowSeedCommitment: digest,
  closedAt: z.number(),
  beacon: z.object({ chain, round: z.number() }).optional(),
});

/** An entry that is in no draw, and whose coupon goes back. */
export const refundItem = z.object({
  /** "<drawId>/<entryId>" */
  refundId: z.string(),
  drawId: z.string(),
  entryId: z.string(),
  userId: z.string(),
  lotteryId: z.string(),
  run: z.number(),
  grantedAt: z.number(),
  /** Its coupon went back, and its user may have forgotten it since. */
  isTaken: z.boolean().optional(),
});

/** Coupons that an operator gave. */
export const grantItem = z.object({
  grantId: z.string(),
  userId: z.string(),
  coupons: z.number(),
  reason: z.string(),
  grantedAt: z.number(),
  /** They were given, and the user may have forgotten it since. */
  isTaken: z.boolean().optional(),
});

/** The draws of a run that are not made yet, by their ids. */
export const openItem = z.object({
  /** "<lotteryId>#<run>/open" */
  drawId: z.string(),
  version: z.number(),
  draws: z.record(z.string(), z.object({ dueAt: z.number(), blocks: z.array(blockRef) })),
});

/** Whatever the draws table holds: each has a field that the others lack. */
export const drawsTableItem = z.union([
  drawItem.transform((item) => ({ kind: 'draw' as const, item })),
  closedItem.transform((item) => ({ kind: 'closed' as const, item })),
  openItem.transform((item) => ({ kind: 'open' as const, item })),
]);

const runItem = z.object({
  lotteryId: z.string(),
  run: z.number(),
  status: z.enum(['active', 'stopped', 'ended']),
  seedCommitment: z.string(),
  windowMs: z.number(),
  graceMs: z.number(),
  firstWindowStart: z.number().optional(),
  lastWindowStart: z.number().optional(),
  prizes: z.array(z.string()).optional(),
  receiptKey: z.string(),
  beacon: chain.optional(),
});

export const lotteryItem = z.object({
  lotteryId: z.string(),
  /** 0: the lottery as it is now; else a run that was replaced. */
  run: z.number(),
  current: runItem.optional(),
});

export const seedItem = z.object({ seedCommitment: z.string(), seed: z.string() });

export type UserItem = z.output<typeof userItem>;
export type DrawItem = z.output<typeof drawItem>;
export type RefundItem = z.output<typeof refundItem>;
export type GrantItem = z.output<typeof grantItem>;
export type ClosedItem = z.output<typeof closedItem>;
export type OpenItem = z.output<typeof openItem>;
export type Block = z.output<typeof block>;
export type RunItem = z.output<typeof runItem>;
export type LotteryItem = z.output<typeof lotteryItem>;
export type SeedItem = z.output<typeof seedItem>;

/** A distinct record of an output stream. Nothing is in it where it is no output event. */
interface Output {
  readonly event: OutputEvent | undefined;
  /** When it came first, ms. */
  firstAt: number;
}

/** Collects the distinct records of the output streams, and counts what came again. */
export class Outputs {
  /** By their text. */
  readonly #records: Record<Channel, Map<string, Output>> = { lottery: new Map(), user: new Map() };
  readonly #types: Record<Channel, Set<string>> = { lottery: new Set(), user: new Set() };
  /** Every record, by its id, in the order in which they were seen. */
  readonly emitted: Record<Channel, Map<string, string>> = { lottery: new Map(), user: new Map() };
  /** Records that are no output event. */
  readonly foreign: string[] = [];
  #duplicates = 0;
  /** The coupon that went back last. */
  refunded: Extract<OutputEvent, { type: 'CouponRefundedEvent' }> | undefined;

  /**
   * @param at when the record came onto its stream, ms
   * @returns the event in it, where it is one, and comes for the first time
   */
  add(channel: Channel, text: string, at: number): OutputEvent | undefined {
    const known = this.#records[channel].get(text);
    const event = known ? known.event : parseOutputEvent(text);
    if (event === undefined) this.foreign.push(text);
    if (event?.type === 'CouponRefundedEvent') this.refunded = event;
    if (known === undefined) {
      this.#records[channel].set(text, { event, firstAt: at });
      if (event) this.#types[channel].add(event.type);
      return event;
    }
    known.firstAt = Math.min(at, known.firstAt);
    if (event) this.#duplicates += 1;
    return undefined;
  }

  has(channel: Channel, type: OutputEvent['type']): boolean {
    return this.#types[channel].has(type);
  }

  /** Records that were on the streams before, byte by byte. */
  get duplicates(): number {
    return this.#duplicates;
  }

  of(channel: Channel): OutputEvent[] {
    return [...this.#records[channel].values()].flatMap(({ event }) => event ?? []);
  }

  published(channel: Channel): OutputRecord[] {
    return [...this.#records[channel]].map(([text, { firstAt }]) => ({ text, at: firstAt }));
  }

  /** The distinct events by type; rejections by reason. */
  counts(): Record<string, number> {
    const counts = new Map<string, number>();
    for (const event of [...this.of('lottery'), ...this.of('user')]) {
      const name = event.type === 'EventRejectedEvent' ? `rejected ${event.reason}` : event.type;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return Object.fromEntries([...counts].sort());
  }
}
