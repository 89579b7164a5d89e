/** Names a refund: an entry, and the draw that its receipt names. */
export interface RefundKey {
  readonly drawId: string;
  readonly entryId: string;
}

/** An entry's id has no slash: the last one parts the two. */
export function refundKey({ drawId, entryId }: RefundKey): string {
  return `${drawId}/${entryId}`;
}
