import type { Mutant } from './mutant.ts';

const user = 'lambda/core/user.ts';

/** Coupons that an operator grants: those of the item, to its user, once. */
export const grants: readonly Mutant[] = [
  {
    name: 'a grant is given to whoever names it',
    file: user,
    from: "if (known?.userId !== userId) return rejected('GRANT_UNKNOWN');",
    to: "if (known === undefined) return rejected('GRANT_UNKNOWN');",
  },
  {
    name: 'a grant is given without its item',
    file: user,
    from: 'const known = context.grant(grantId);',
    to: 'const known = context.grant(grantId) ?? { userId, coupons: 1, isTaken: false };',
  },
  {
    name: 'a grant is given as often as it comes',
    file: user,
    from: 'known.isTaken || user.grants.includes(grantId)',
    to: 'known.isTaken && user.grants.includes(grantId)',
  },
];
