import type { DecodedBatch } from '../../batch/kinesis-batch.ts';
import type { UserEvent } from '../../core/events.ts';
import { type RefundKey, refundKey } from '../../core/refund-key.ts';
import type { GrantedRefund, UserState } from '../../core/user.ts';
import type { KeyedWrite, Refunds, UserStore, WriteResult } from '../../ports/ports.ts';

/**
 * Users with what the table of refunds says of their events. A refund is granted once, and known by two: by the user's item
 * from the write that gave the coupon back, and by the refund's own item from when the user is loaded next. Only then the
 * user forgets it, so that the item stays small however many there are.
 *
 * The refunds are read after their users: were it before, one that was taken, told and forgotten in between would be
 * granted again. A user that was changed since it was loaded is loaded again, with its refunds.
 */
export class RefundingUsers implements UserStore {
  readonly #users: UserStore;
  readonly #refunds: Refunds;
  readonly #groups: DecodedBatch<UserEvent>['groups'];
  readonly #granted = new Map<string, GrantedRefund>();

  constructor(users: UserStore, refunds: Refunds, groups: DecodedBatch<UserEvent>['groups']) {
    this.#users = users;
    this.#refunds = refunds;
    this.#groups = groups;
  }

  /** As the refund was when its user was loaded. */
  granted(key: RefundKey): GrantedRefund | undefined {
    return this.#granted.get(refundKey(key));
  }

  async load(userIds: readonly string[], options: { consistent: boolean }): Promise<Map<string, UserState>> {
    const users = await this.#users.load(userIds, options);
    const given: string[] = [];
    for (const { refunds } of users.values()) if (refunds.length > 0) given.push(...refunds);
    if (given.length > 0) await this.#refunds.take(given);
    const asked = this.#askedOf(userIds);
    if (asked.length > 0)
      for (const [key, granted] of await this.#refunds.granted(asked)) this.#granted.set(key, granted);
    return users;
  }

  write(writes: readonly KeyedWrite<UserState>[]): Promise<WriteResult[]> {
    return this.#users.write(writes);
  }

  #askedOf(userIds: readonly string[]): RefundKey[] {
    const asked: RefundKey[] = [];
    for (const userId of userIds)
      for (const { event } of this.#groups.get(userId) ?? [])
        if (event.type === 'CouponRefundEvent') asked.push(event);
    return asked;
  }
}
