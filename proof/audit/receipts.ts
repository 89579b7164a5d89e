import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { drawOf } from '../oracle/streams.ts';
import type { Block, Evidence } from './evidence.ts';
import { entryLeaf, leafOf, rootBy, rootOfEntries } from './merkle.ts';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const place = { index: z.int(), size: z.int(), path: z.base64url() };
const accepted = z.object({
  userId: z.union([z.string(), z.number()]).transform(String),
  lotteryId: z.union([z.string(), z.number()]).transform(String),
  drawId: z.string(),
  entryId: z.string(),
  receipt: z.strictObject({
    root: hex,
    ...place,
    batch: z.strictObject(place).optional(),
    signature: z.base64url(),
  }),
});

/** An accepted click, with its proof: what was delivered again has several. */
export type Proven = z.output<typeof accepted>;

const startSchema = z.object({
  type: z.literal('LotteryStartedEvent'),
  lotteryId: z.union([z.string(), z.number()]).transform(String),
  run: z.number(),
  receiptKey: z.base64(),
});

/** What the output streams hold of accepted clicks. @returns those that have a receipt of the right form, and the others */
export function provenIn({ published }: Pick<Evidence, 'published'>): {
  proven: readonly Proven[];
  unproven: readonly string[];
} {
  const unproven: string[] = [];
  const proven = published.user.flatMap(({ text }) => {
    if (!text.includes('"ClickAcceptedEvent"')) return [];
    const json: unknown = JSON.parse(text);
    if (Object(json).type !== 'ClickAcceptedEvent') return [];
    const parsed = accepted.safeParse(json);
    if (!parsed.success) unproven.push(`a click was accepted without a receipt of the right form: ${text}`);
    return parsed.success ? [parsed.data] : [];
  });
  return { proven, unproven };
}

/** Each receipt proves itself: its path leads to the root of a batch, which the key of its run has signed. */
export function receiptsProveThemselves(evidence: Evidence, proven: readonly Proven[]): string[] {
  const keys = keysIn(evidence);
  const known = rootsIn(evidence.blocks);
  const signed = new Map<string, boolean>();
  return proven.flatMap((each) => {
    const { drawId, entryId, receipt } = each;
    const { run = 0 } = drawOf(each.lotteryId, drawId) ?? {};
    const key = keys.get(`${each.lotteryId}#${run}`);
    const batchRoot = batchRootOf(each);
    const name = `${key?.text} ${batchRoot} ${receipt.signature}`;
    const isSigned =
      signed.get(name) ?? (key !== undefined && isSignature(key.key, batchRoot, receipt.signature));
    signed.set(name, isSigned);
    const wrong = [
      ...(batchRoot === undefined ? ['its path does not lead to the roots that it names'] : []),
      ...(isSigned ? [] : ["it is not signed with its run's key"]),
      ...(known.get(`${drawId} ${receipt.root}`)?.[receipt.index] === entryId
        ? []
        : ['there is no such block with its entry in that place']),
    ];
    return wrong.map((what) => `the receipt of entry ${entryId} in draw ${drawId}: ${what}`);
  });
}

interface Key {
  readonly text: string;
  readonly key: KeyObject;
}

/** By `<lotteryId>#<run>`. */
function keysIn({ published }: Evidence): ReadonlyMap<string, Key> {
  const keys = new Map<string, Key>();
  for (const { text } of published.lottery) {
    if (!text.includes('"LotteryStartedEvent"')) continue;
    const start = startSchema.safeParse(JSON.parse(text)).data;
    if (start === undefined) continue;
    const key = createPublicKey({
      key: Buffer.from(start.receiptKey, 'base64'),
      format: 'der',
      type: 'spki',
    });
    keys.set(`${start.lotteryId}#${start.run}`, { text: start.receiptKey, key });
  }
  return keys;
}

/** Hex; undefined where the path of the entry does not lead to its block's root. */
function batchRootOf({ drawId, entryId, userId, receipt }: Proven): string | undefined {
  const { root, index, size, path, batch } = receipt;
  const own = rootBy(entryLeaf(drawId, entryId, userId), index, size, hashesIn(path));
  if (own?.toString('hex') !== root) return undefined;
  const leaf = leafOf(own);
  const top = batch === undefined ? leaf : rootBy(leaf, batch.index, batch.size, hashesIn(batch.path));
  return top?.toString('hex');
}

function hashesIn(path: string): Buffer[] {
  const bytes = Buffer.from(path, 'base64url');
  return Array.from({ length: Math.ceil(bytes.length / 32) }, (_, at) =>
    bytes.subarray(32 * at, 32 * at + 32),
  );
}

function isSignature(key: KeyObject, batchRoot: string | undefined, signature: string): boolean {
  const text = Buffer.from(`lottery-streams receipt v1\n${batchRoot}`);
  return verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

/** Ids of the entries in their places, by draw and root. */
function rootsIn(blocks: ReadonlyMap<string, Block>): ReadonlyMap<string, readonly string[]> {
  const roots = new Map<string, readonly string[]>();
  for (const block of blocks.values())
    for (const [drawId, entries] of Object.entries(block))
      roots.set(
        `${drawId} ${rootOfEntries(drawId, entries)}`,
        entries.map(([entryId]) => entryId),
      );
  return roots;
}
