import { Random } from '../../../local/faults/random.ts';
import type { ServiceOptions, Services } from '../../../proof/simulation/services/index.ts';
import { createServices, simulatedClients } from '../../../proof/simulation/services/index.ts';

/** The services of the simulation, behind clients of the SDK, at a time that stands still until it is moved. */
export interface InMemoryServices {
  readonly services: Services;
  readonly clients: ReturnType<typeof simulatedClients>;
  readonly now: () => number;
  readonly advance: (ms: number) => void;
}

const CALLER = 'test';

/** @param options other than those of services that do nothing odd */
export function inMemoryServices(options: Partial<ServiceOptions> = {}): InMemoryServices {
  let now = 1_800_000_000_000;
  const services = createServices({
    now: () => now,
    random: new Random(1),
    region: 'us-east-1',
    accountId: '000000000000',
    staleMs: 0,
    stampJitterMs: () => 0,
    redeliveryChance: 0,
    // Time stands still, so that no second is ever over.
    fanOut: new Set([CALLER]),
    ...options,
  });
  const send = async (call: Parameters<Services['handle']>[0]) => services.handle(call);
  return {
    services,
    clients: simulatedClients({ region: 'us-east-1', caller: CALLER, send }),
    now: () => now,
    advance(ms) {
      now += ms;
    },
  };
}
