import type { RuntimeSettings } from '../local/runtime-options.ts';

/** A local run has a chain of its own, and the functions hear of that one: nothing needs the internet. */
export const ownBeacon: Required<Pick<RuntimeSettings, 'beacon'>> = {
  beacon: ({ chain, urls }) => ({ BEACON_CHAIN: JSON.stringify(chain), BEACON_URLS: urls.join(',') }),
};
