import { verifyBeacon } from '../../lambda/adapters/beacon-signature.ts';
import type { Fetch } from '../../lambda/adapters/fetch.ts';
import type { BeaconChain } from '../../lambda/core/beacon.ts';
import { type Chain, chainOf } from '../../local/drand/chain.ts';
import { answerDrand } from '../../local/drand/chain-api.ts';
import { DRAND, mirrorOf, mirrorsAt } from '../../local/drand/mirrors.ts';
import type { AwsAnswer, AwsCall } from '../../local/proxy/aws-call.ts';
import { ConnectionReset, type Network } from './network.ts';
import type { Scheduler } from './scheduler.ts';

/** Nothing listens there. */
const ENDPOINT = 'https://beacon.example';
/** Before any simulation begins. */
const GENESIS_SECONDS = 1_699_990_000;
/** Any number below the group's order: no simulation has a secret. */
const SECRET_KEY = Buffer.alloc(32, 0x2a);

let known: Chain | undefined;

/** One chain for all runs of a process: a signature takes 10 ms of a processor, and each run begins at the same time. */
export function simulatedChain(): Chain {
  known ??= chainOf(SECRET_KEY, GENESIS_SECONDS);
  return known;
}

/** What functions see instead of what the templates set. */
export function beaconVariables(): Readonly<Record<string, string>> {
  return {
    BEACON_CHAIN: JSON.stringify(simulatedChain().info),
    BEACON_URLS: mirrorsAt(ENDPOINT).join(','),
  };
}

export function isForBeacon({ service }: Pick<AwsCall, 'service'>): boolean {
  return service === DRAND;
}

/** @param now ms */
export function answerBeacon({ method, path }: Pick<AwsCall, 'method' | 'path'>, now: number): AwsAnswer {
  return answerDrand(simulatedChain(), now, { method, path: mirrorOf(path).path });
}

export interface FetchingOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  /** Who asks: an execution environment. */
  readonly caller: string;
  /** Whether there is somebody who waits for the answer. */
  readonly isAlive: () => boolean;
}

/** HTTP to the beacon's mirrors, by the simulation's network and time. */
export function fetchingBy({ scheduler, network, caller, isAlive }: FetchingOptions): Fetch {
  return (url, { timeoutMs, maximumBytes }) => {
    const { pathname } = new URL(url);
    const call = { ...{ service: DRAND, operation: mirrorOf(pathname).path, caller }, path: pathname };
    return new Promise((resolve, reject) => {
      const cancel = scheduler.after(timeoutMs, () => {
        if (isAlive()) reject(Object.assign(new Error('It took too long'), { name: 'TimeoutError' }));
      });
      network
        .send({ ...call, method: 'GET', headers: {}, body: Buffer.alloc(0) }, isAlive)
        .then(({ status, body }) => {
          if (body.length > maximumBytes) throw new ConnectionReset(`More than ${maximumBytes} bytes`);
          resolve({ status, body: body.toString('utf8') });
        })
        .catch(reject)
        .finally(() => cancel());
    });
  };
}

/** What was verified, true or not, by round and signature: 30 ms of a processor each, and runs ask for the same ones. */
const verified = new Map<string, boolean>();

/** As the draw function verifies on AWS; what is remembered of earlier runs cannot be told from it. */
export function verifiedBefore(chain: BeaconChain, round: number, signatureHex: string): boolean {
  const key = `${chain.chainHash} ${round} ${signatureHex}`;
  const isSigned = verified.get(key) ?? verifyBeacon(chain, round, signatureHex);
  verified.set(key, isSigned);
  return isSigned;
}
