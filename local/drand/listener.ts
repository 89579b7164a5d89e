import type { RequestListener } from 'node:http';
import type { AwsCall, Interceptor } from '../proxy/aws-call.ts';
import { listenerOf } from '../proxy/proxy.ts';
import type { Chain } from './chain.ts';
import { answerDrand } from './chain-api.ts';

/** As an interceptor sees a request: as a call of this service, though it is none of AWS and nobody signs it. */
export const DRAND = 'drand';

/** As many as an app may want to choose from. */
const MIRRORS = 4;

const MIRROR = /^\/mirrors\/(\d+)(?=\/)/;
const OF_CHAIN = /^\/(mirrors\/\d+\/|chains$|[0-9a-f]{64}\/)/;

/** @param endpoint where the listener is @returns the URL of each mirror */
export function mirrorsAt(endpoint: string): string[] {
  return Array.from({ length: MIRRORS }, (_, index) => `${endpoint}/mirrors/${index + 1}`);
}

/** Which mirror is asked, and for what; the chain itself is a mirror without a name. */
export function mirrorOf(path: string): { mirror: string; path: string } {
  return { mirror: MIRROR.exec(path)?.[1] ?? '', path: path.replace(MIRROR, '') };
}

export function isForDrand({ url = '' }: { readonly url?: string | undefined }): boolean {
  return OF_CHAIN.test(url);
}

/** @param now ms: of the machine, as functions have it too */
export function drandListener(
  chain: Chain,
  now: () => number,
  intercept: Interceptor | undefined,
): RequestListener {
  const answer = async ({ method, path }: AwsCall) =>
    answerDrand(chain, now(), { method, path: mirrorOf(path).path });
  return listenerOf(async (call, forward) => {
    const seen = { ...call, service: DRAND, operation: mirrorOf(call.path).path };
    return intercept === undefined ? forward(seen) : intercept(seen, (changed = seen) => forward(changed));
  }, answer);
}
