/** drand's public chain: its name, and when its rounds are published. Its key is the verifier's own, and comes with the check. */
export const quicknet = {
  chainHash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  genesisSeconds: 1_692_803_367,
  periodSeconds: 3,
} as const;

export const isQuicknet = (chain: { readonly chainHash: string } | undefined): boolean =>
  chain?.chainHash === quicknet.chainHash;
