import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { timeOfRound } from '../../../lambda/core/beacon.ts';
import { Random } from '../../../local/faults/random.ts';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';
import {
  answerBeacon,
  beaconVariables,
  fetchingBy,
  isForBeacon,
  simulatedChain,
  verifiedBefore,
} from '../../../proof/simulation/beacon.ts';
import { Network } from '../../../proof/simulation/network.ts';
import { Scheduler } from '../../../proof/simulation/scheduler.ts';

const { info } = simulatedChain();
const round = 3_337;
const at = timeOfRound(info, round);
const urls = (beaconVariables().BEACON_URLS ?? '').split(',');
const urlOf = (mirror: number) => `${urls[mirror]}/${info.chainHash}/public/${round}`;

describe('the chain of the simulation', () => {
  it('is the one that functions are told of, and signs as they verify', () => {
    expect(JSON.parse(beaconVariables().BEACON_CHAIN ?? '')).toEqual(info);
    const signature = simulatedChain().signatureOf(round);
    expect(verifiedBefore(info, round, signature)).toBe(true);
    expect(verifiedBefore(info, round + 1, signature)).toBe(false);
    // What is remembered of a round says nothing of another one, nor of another chain.
    expect(verifiedBefore(info, round, signature)).toBe(true);
    expect(verifiedBefore({ ...info, chainHash: '0'.repeat(64), publicKey: '0' }, round, signature)).toBe(
      false,
    );
  });

  it('says no round before its time, whichever mirror is asked', () => {
    for (const url of urls) {
      const { pathname } = new URL(`${url}/${info.chainHash}/public/${round}`);
      expect(answerBeacon({ method: 'GET', path: pathname }, at - 1).status).toBe(425);
      const { status, body } = answerBeacon({ method: 'GET', path: pathname }, at);
      expect([status, JSON.parse(body.toString())]).toMatchObject([200, { round }]);
    }
  });
});

describe('HTTP to the mirrors', () => {
  let scheduler: Scheduler;
  let answer: (call: AwsCall) => AwsAnswer;
  let calls: AwsCall[];
  let isAlive: boolean;

  beforeEach(() => {
    scheduler = new Scheduler(new Random(1), at);
    answer = (call) => answerBeacon(call, scheduler.now);
    calls = [];
    isAlive = true;
  });

  afterEach(() => {
    expect(calls.every(isForBeacon)).toBe(true);
  });

  const limits = { timeoutMs: 1_500, maximumBytes: 4_096 };
  const fetching = () => {
    const handle = (call: AwsCall) => {
      calls.push(call);
      return answer(call);
    };
    const network = new Network({
      ...{ scheduler, random: new Random(1), handle, trace: () => {} },
      intercept: (_, forward) => forward(),
    });
    return fetchingBy({ scheduler, network, caller: 'draw.1', isAlive: () => isAlive });
  };

  it('takes the simulation’s time, and has what the mirror answers', async () => {
    const fetch = fetching();
    const { status, body } = await scheduler.run(() => fetch(urlOf(1), limits));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual(
      expect.objectContaining({ round, signature: simulatedChain().signatureOf(round) }),
    );
    expect(calls).toMatchObject([
      { caller: 'draw.1', operation: `/${info.chainHash}/public/${round}`, path: new URL(urlOf(1)).pathname },
    ]);
    expect(scheduler.now).toBeGreaterThan(at);
    expect(scheduler.now).toBeLessThan(at + limits.timeoutMs);
  });

  it('ends with a time-out where no answer has come by then', async () => {
    const network = new Network({
      ...{ scheduler, random: new Random(1), trace: () => {} },
      handle: (call) => answerBeacon(call, scheduler.now),
      intercept: async () => {
        await scheduler.clock.sleep(60_000);
        return 'disconnect';
      },
    });
    const fetch = fetchingBy({ scheduler, network, caller: 'draw.1', isAlive: () => true });
    const failedAt = await scheduler.run(async () => {
      await expect(fetch(urlOf(0), limits)).rejects.toMatchObject({ name: 'TimeoutError' });
      return scheduler.now;
    });
    expect(failedAt).toBe(at + limits.timeoutMs);
  });

  it('fails with an answer that is longer than may be', async () => {
    answer = () => ({ status: 200, headers: {}, body: Buffer.alloc(limits.maximumBytes + 1) });
    const fetch = fetching();
    await scheduler.run(() => expect(fetch(urlOf(0), limits)).rejects.toThrow('More than 4096 bytes'));
  });

  it('tells nothing to whoever has died meanwhile', async () => {
    const fetch = fetching();
    let isTold = false;
    await scheduler.run(async () => {
      void fetch(urlOf(0), limits).finally(() => {
        isTold = true;
      });
      isAlive = false;
      await scheduler.clock.sleep(2 * limits.timeoutMs);
    });
    expect([calls.length, isTold]).toEqual([1, false]);
  });
});
