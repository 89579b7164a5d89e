import type { DecodedBatch } from '../../batch/decode-batch.ts';
import type { UserEvent } from '../../core/events.ts';
import { type RefundKey, refundKey } from '../../core/refund-key.ts';
import type { UserState } from '../../core/user.ts';
import type { Grants, KeyedWrite, Refunds, UserStore, WriteResult } from '../../ports/ports.ts';

type Groups = DecodedBatch<UserEvent>['groups'];

/** A table whose items give coupons, each once. */
interface ProofTable<Key, Proof> {
  granted(keys: readonly Key[]): Promise<Map<string, Proof>>;
  take(ids: readonly string[]): Promise<void>;
}

/** How events and users name the items of such a table. */
interface ProofKind<Key> {
  /** The item that an event names; undefined for all other events. */
  readonly askedBy: (event: UserEvent) => Key | undefined;
  readonly idOf: (key: Key) => string;
  /** Ids of those that the user's last write gave. */
  readonly givenTo: (user: UserState) => readonly string[];
}

/**
 * Users with what a table says of their events: of refunds, or of grants. Each is given once, and known by two: by the user's
 * item from the write that gave the coupons, and by its own item from when the user is loaded next. Only then the user
 * forgets it, so that the item stays small however many there are.
 *
 * The table is read after its users: were it before, what was taken, told and forgotten in between would be given again.
 * A user that was changed since it was loaded is loaded again, with what its events name. A batch that names nothing, of
 * users that were given nothing, asks the table nothing.
 */
class ProvenUsers<Key, Proof> implements UserStore {
  readonly #users: UserStore;
  readonly #table: ProofTable<Key, Proof>;
  readonly #kind: ProofKind<Key>;
  readonly #groups: Groups;
  readonly #granted = new Map<string, Proof>();

  constructor(users: UserStore, table: ProofTable<Key, Proof>, kind: ProofKind<Key>, groups: Groups) {
    this.#users = users;
    this.#table = table;
    this.#kind = kind;
    this.#groups = groups;
  }

  /** As the item was when its user was loaded. */
  granted(key: Key): Proof | undefined {
    return this.#granted.get(this.#kind.idOf(key));
  }

  async load(userIds: readonly string[], options: { consistent: boolean }): Promise<Map<string, UserState>> {
    const users = await this.#users.load(userIds, options);
    const given: string[] = [];
    for (const user of users.values()) given.push(...this.#kind.givenTo(user));
    if (given.length > 0) await this.#table.take(given);
    const asked = this.#askedOf(userIds);
    if (asked.length > 0)
      for (const [id, proof] of await this.#table.granted(asked)) this.#granted.set(id, proof);
    return users;
  }

  write(writes: readonly KeyedWrite<UserState>[]): Promise<WriteResult[]> {
    return this.#users.write(writes);
  }

  #askedOf(userIds: readonly string[]): Key[] {
    const asked: Key[] = [];
    for (const userId of userIds)
      for (const { event } of this.#groups.get(userId) ?? []) {
        const key = this.#kind.askedBy(event);
        if (key !== undefined) asked.push(key);
      }
    return asked;
  }
}

const refundKind: ProofKind<RefundKey> = {
  askedBy: (event) => (event.type === 'CouponRefundEvent' ? event : undefined),
  idOf: refundKey,
  givenTo: ({ refunds }) => refunds,
};

const grantKind: ProofKind<string> = {
  askedBy: (event) => (event.type === 'CouponGrantEvent' ? event.grantId : undefined),
  idOf: (grantId) => grantId,
  givenTo: ({ grants }) => grants,
};

/** Users with the refunds and grants that their events name. */
export function provenUsers(users: UserStore, refunds: Refunds, grants: Grants, groups: Groups) {
  const refunding = new ProvenUsers(users, refunds, refundKind, groups);
  const store = new ProvenUsers(refunding, grants, grantKind, groups);
  return {
    store,
    refund: (key: RefundKey) => refunding.granted(key),
    grant: (grantId: string) => store.granted(grantId),
  };
}
