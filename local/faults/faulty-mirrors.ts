import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { mirrorOf } from '../drand/mirrors.ts';
import type { AwsAnswer, AwsCall, Interceptor } from '../proxy/aws-call.ts';
import type { FaultLog } from './kinds.ts';
import type { FaultPlan, FaultRates } from './plan.ts';

type Forward = Parameters<Interceptor>[1];
type Answer = Awaited<ReturnType<Interceptor>>;

export interface FaultyMirrorsOptions {
  plan: FaultPlan;
  rates: FaultRates;
  log: FaultLog;
  clock: Clock;
  /** No fault begins once it is aborted, and requests that hang end. */
  signal: AbortSignal;
}

const ROUND = /\/public\/(\d+)$/;
const round = z.object({ round: z.number(), randomness: z.string(), signature: z.string() });

/**
 * Faults of the beacon's mirrors, when a round is asked for by its number; each for itself, but for an outage. Who asks the
 * chain and no mirror, a person say, is left alone.
 */
export class FaultyMirrors {
  readonly #options: FaultyMirrorsOptions;
  /** Rounds that each was asked for so far. */
  readonly #numbers = new Map<string, number>();
  /** Requests that are still to be refused, by whatever mirror. */
  #outage = 0;

  constructor(options: FaultyMirrorsOptions) {
    this.#options = options;
  }

  readonly intercept: Interceptor = async (call, forward) => {
    const { signal, plan, log, clock, rates } = this.#options;
    const { mirror, path } = mirrorOf(call.path);
    if (signal.aborted || mirror === '' || !ROUND.test(path)) return forward();
    if (this.#outage > 0) {
      this.#outage -= 1;
      return unavailable;
    }
    const number = (this.#numbers.get(mirror) ?? 0) + 1;
    this.#numbers.set(mirror, number);
    const decision = plan.mirror(mirror, number);
    if (decision === undefined) return forward();
    const { kind } = decision;
    log.note(kind);
    switch (kind) {
      case 'beaconDown':
        this.#outage = decision.requests - 1;
        return unavailable;
      case 'mirrorDown':
        return unavailable;
      case 'mirrorHangs':
        await clock.sleep(rates.hangMs, signal);
        return 'disconnect';
      case 'mirrorBehind':
        return roundBefore(call, forward);
      case 'mirrorLies':
        return underItsNumber(call, await roundBefore(call, forward));
      default:
        return kind satisfies never;
    }
  };
}

const unavailable: AwsAnswer = {
  status: 503,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('Injected\n'),
};

/** What is right of another round, which says so. */
function roundBefore(call: AwsCall, forward: Forward): Promise<AwsAnswer> {
  return forward({ ...call, path: call.path.replace(ROUND, `/public/${Math.max(1, numberIn(call) - 1)}`) });
}

/** As if it were of the round that was asked for: only the signature gives it away. */
function underItsNumber(call: AwsCall, answer: AwsAnswer): Answer {
  const { data: other } = round.safeParse(answer.status === 200 ? JSON.parse(answer.body.toString()) : {});
  if (other === undefined) return answer;
  return { ...answer, body: Buffer.from(JSON.stringify({ ...other, round: numberIn(call) })) };
}

function numberIn({ path }: AwsCall): number {
  return Number(ROUND.exec(path)?.[1]);
}
