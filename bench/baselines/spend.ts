import { coupons } from '../in-memory/users.ts';

/** How the baseline spends coupons: one UpdateItem a user and batch, which takes place once however often the batch comes. */

export const spendUpdate = 'SET coupons = coupons - :spent, #shard = :position';

/** Positions of one shard compare as text (56 digits). */
export const spendCondition = 'coupons >= :spent AND (attribute_not_exists(#shard) OR #shard < :position)';

/** A user of the baseline who has coupons. */
export const spendingUser = { coupons: { N: String(coupons) } };
