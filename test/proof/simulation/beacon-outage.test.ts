import { describe, expect, it } from 'vitest';
import { timeOfRound } from '../../../lambda/core/beacon.ts';
import { DRAND } from '../../../local/drand/mirrors.ts';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';
import { simulatedChain } from '../../../proof/simulation/beacon.ts';
import { untoldOutage, withBeaconOutage } from '../../../proof/simulation/beacon-outage.ts';

const from = 1_700_000_000_000;
const until = from + 180_000;
const fine: AwsAnswer = { status: 200, headers: {}, body: Buffer.from('{}') };
const callOf = (service: string): AwsCall => ({
  ...{ service, operation: 'any', caller: 'draw.1', method: 'GET', path: '/', headers: {} },
  body: Buffer.alloc(0),
});

describe('while the beacon is out of reach', () => {
  const statusAt = async (
    now: number,
    service: string,
    times: { from: number; until: number } | undefined,
  ) => {
    const intercept = withBeaconOutage(
      times,
      () => now,
      (_, forward) => forward(),
    );
    const answer = await intercept(callOf(service), async () => fine);
    return answer === 'disconnect' ? answer : answer.status;
  };

  it.each([
    [from - 1, DRAND, 200],
    [from, DRAND, 503],
    [until - 1, DRAND, 503],
    [until, DRAND, 200],
    [from, 'kinesis', 200],
    [from, 's3', 200],
  ])('at %d %s answers %d', async (now, service, status) => {
    expect(await statusAt(now, service, { from, until })).toBe(status);
  });

  it('and where there is no outage, everything is answered', async () => {
    expect(await statusAt(from, DRAND, undefined)).toBe(200);
  });
});

describe('an outage that nobody is told of', () => {
  const chain = simulatedChain().info;
  /** The first round from then on. */
  const roundFrom = (time: number) =>
    Math.ceil((time / 1000 - chain.genesisSeconds) / chain.periodSeconds) + 1;
  const closedAt = (time: number, drawId = '1@0') => ({ drawId, beacon: { chain, round: roundFrom(time) } });
  const untold = ['draw 1@0 waited for the beacon, and nobody was told'];

  it('is wrong where a draw has waited for so long that somebody must have been', () => {
    const waited = [closedAt(from - 60_000, 'before'), closedAt(from)];
    expect(untoldOutage({ from, until }, waited, 0)).toEqual(untold);
    expect(untoldOutage({ from, until }, waited, 1)).toEqual([]);
  });

  it('is none where no round came in it, or too late for anybody to look again', () => {
    expect(timeOfRound(chain, roundFrom(until - 89_000))).toBeGreaterThan(until - 90_000);
    expect(untoldOutage({ from, until }, [closedAt(until - 89_000), closedAt(until)], 0)).toEqual([]);
    expect(untoldOutage({ from, until }, [closedAt(from - 6_000), { drawId: '1@0' }], 0)).toEqual([]);
    expect(untoldOutage(undefined, [closedAt(from)], 0)).toEqual([]);
  });
});
