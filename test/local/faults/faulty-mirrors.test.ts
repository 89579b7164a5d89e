import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../local/clock.ts';
import { FaultyMirrors } from '../../../local/faults/faulty-mirrors.ts';
import { FaultLog, type MirrorFault, mirrorFaults } from '../../../local/faults/kinds.ts';
import { defaultRates, FaultPlan, type MirrorDecision } from '../../../local/faults/plan.ts';
import type { AwsAnswer } from '../../../local/proxy/aws-call.ts';

/** A plan that has one fault, for the first round that any mirror but the second is asked for. */
class OneFault extends FaultPlan {
  readonly #kind: MirrorFault;

  constructor(kind: MirrorFault) {
    super(1, defaultRates);
    this.#kind = kind;
  }

  override mirror(name: string, number: number): MirrorDecision | undefined {
    return name !== '2' && number === 1 ? { kind: this.#kind, requests: 3 } : undefined;
  }
}

/** Mirrors whose rounds say who they are. */
function mirrors(plan: FaultPlan) {
  const waits: number[] = [];
  const log = new FaultLog();
  const ending = new AbortController();
  const clock: Clock = {
    now: () => 0,
    async sleep(ms) {
      waits.push(ms);
    },
  };
  const { intercept } = new FaultyMirrors({ plan, rates: defaultRates, log, clock, signal: ending.signal });
  const ask = async (path: string) => {
    const call = {
      ...{ service: 'drand', operation: path, caller: '', method: 'GET', path },
      ...{ headers: {}, body: Buffer.from('') },
    };
    const answer = await intercept(call, async (changed = call): Promise<AwsAnswer> => {
      const round = Number(changed.path.split('/').at(-1));
      const body = { round, randomness: `randomness of ${round}`, signature: `signature of ${round}` };
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) };
    });
    if (answer === 'disconnect') return answer;
    return answer.status === 200 ? JSON.parse(answer.body.toString()) : answer.status;
  };
  return { ask, waits, log, ending };
}

const of = (round: number, other = round) => ({
  round,
  ...{ randomness: `randomness of ${other}`, signature: `signature of ${other}` },
});

describe('faults of mirrors', () => {
  it.each<[MirrorFault, unknown]>([
    ['mirrorDown', 503],
    ['mirrorHangs', 'disconnect'],
    ['mirrorBehind', of(8)],
    ['mirrorLies', of(9, 8)],
  ])('%s: one answer, and not those of others', async (kind, answer) => {
    const { ask, waits, log } = mirrors(new OneFault(kind));
    expect(await ask('/mirrors/1/chain/public/9')).toEqual(answer);
    expect(await ask('/mirrors/1/chain/public/9')).toEqual(of(9));
    expect(await ask('/mirrors/2/chain/public/9')).toEqual(of(9));
    expect(waits).toEqual(kind === 'mirrorHangs' ? [defaultRates.hangMs] : []);
    expect(log.byKind).toEqual({ [kind]: 1 });
  });

  it('beaconDown: whatever mirror is asked, as often as the plan says', async () => {
    const { ask, log } = mirrors(new OneFault('beaconDown'));
    const answers: unknown[] = [];
    for (const mirror of [1, 2, 1, 2]) answers.push(await ask(`/mirrors/${mirror}/chain/public/9`));
    expect(answers).toEqual([503, 503, 503, of(9)]);
    expect(log.byKind).toEqual({ beaconDown: 1 });
  });

  it('leave alone who asks for something else, or no mirror', async () => {
    const { ask, log } = mirrors(new OneFault('mirrorDown'));
    expect(await ask('/chain/public/9')).toEqual(of(9));
    expect(await ask('/mirrors/1/chain/public/latest')).toMatchObject({ signature: expect.anything() });
    expect(log.byKind).toEqual({});
  });

  it('are over when the faults are', async () => {
    const { ask, ending } = mirrors(new OneFault('mirrorDown'));
    ending.abort();
    expect(await ask('/mirrors/1/chain/public/9')).toEqual(of(9));
  });

  it('come all, from the seed alone, and leave most requests alone', () => {
    const plan = (seed: number) =>
      Array.from(
        { length: 2_000 },
        (_, number) => new FaultPlan(seed, defaultRates).mirror('1', number)?.kind,
      );
    const kinds = plan(7);
    expect(mirrorFaults.filter((kind) => !kinds.includes(kind))).toEqual([]);
    expect(kinds).toEqual(plan(7));
    expect(kinds).not.toEqual(plan(8));
    const spared = kinds.filter((kind) => kind === undefined).length;
    expect(spared / kinds.length).toBeGreaterThan(0.5);
  });
});
