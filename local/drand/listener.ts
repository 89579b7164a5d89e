import type { RequestListener } from 'node:http';
import type { Interceptor } from '../proxy/aws-call.ts';
import { listenerOf } from '../proxy/proxy.ts';
import type { Chain } from './chain.ts';
import { answerDrand } from './chain-api.ts';
import { DRAND, mirrorOf } from './mirrors.ts';

/** @param now ms: of the machine, as functions have it too */
export function drandListener(
  chain: Chain,
  now: () => number,
  intercept: Interceptor = (_, forward) => forward(),
): RequestListener {
  return listenerOf(
    (call, forward) => {
      const seen = { ...call, service: DRAND, operation: mirrorOf(call.path).path };
      return intercept(seen, (changed = seen) => forward(changed));
    },
    async (call) => answerDrand(chain, now(), call),
  );
}
