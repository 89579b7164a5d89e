import { expect, it } from 'vitest';
import { ownBeacon } from '../../client/own-beacon.ts';
import { beaconChainSchema, roundOf, timeOfRound } from '../../lambda/core/beacon.ts';
import { chainOf, newSecretKey, roundAt } from '../../local/drand/chain.ts';

const chain = chainOf(newSecretKey(), 1_700_000_000).info;

it('tells the functions of the chain as they read it, and where it is', () => {
  const urls = ['http://127.0.0.1:1/mirrors/1', 'http://127.0.0.1:1/mirrors/2'];
  const { BEACON_CHAIN = '', ...others } = ownBeacon.beacon({ chain, urls });
  expect(beaconChainSchema.parse(JSON.parse(BEACON_CHAIN))).toEqual(chain);
  expect(others).toEqual({ BEACON_URLS: urls.join(',') });
});

it('publishes a round when they take it to be published, and not before', () => {
  const round = roundOf(chain, 1_700_086_400_000, 1_700_086_401_234);
  const at = timeOfRound(chain, round);
  expect([at - 1, at].map((now) => roundAt(chain, now))).toEqual([round - 1, round]);
});
