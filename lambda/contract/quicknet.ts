import { type BeaconChain, beaconDelayMs } from '../core/beacon.ts';

/**
 * The League of Entropy's chain that runs started with `randomness` drand take their rounds from: what it says of itself
 * under /<chainHash>/info at each of its mirrors.
 */
export const quicknet: BeaconChain = {
  chainHash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  publicKey:
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451' +
    '0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  genesisSeconds: 1_692_803_367,
  periodSeconds: 3,
};

/** From closing a draw until the round that draws it, at most: the delay, and the rest of a period. In ms. */
export const longestRoundWaitMs = beaconDelayMs + 1_000 * quicknet.periodSeconds;
