import { describe, expect, it } from 'vitest';
import { FaultyHost } from '../../../local/faults/faulty-host.ts';
import { type DeliveryFault, FaultLog } from '../../../local/faults/kinds.ts';
import { defaultRates, FaultPlan } from '../../../local/faults/plan.ts';
import { FunctionError } from '../../../local/function-host.ts';

class Always extends FaultPlan {
  readonly #kind: DeliveryFault;

  constructor(kind: DeliveryFault) {
    super(1, defaultRates);
    this.#kind = kind;
  }

  override delivery(): DeliveryFault {
    return this.#kind;
  }
}

/** A function that records when its invocations begin and end. */
function hostWith(kind: DeliveryFault) {
  const happened: string[] = [];
  const log = new FaultLog();
  const ending = new AbortController();
  let count = 0;
  const host = {
    async invoke() {
      count += 1;
      const number = count;
      happened.push(`begin ${number}`);
      await new Promise((resolve) => setImmediate(resolve));
      happened.push(`end ${number}`);
      return { state: { number } };
    },
    async close() {},
  };
  const faulty = new FaultyHost({
    ...{ host, functionName: 'probe', plan: new Always(kind), log, isActive: () => !ending.signal.aborted },
    clock: { now: () => 0, sleep: async (ms) => void happened.push(ms > 0 ? 'waited' : 'did not wait') },
    onOverlap: () => happened.push('overlap'),
    onPollerLost: () => happened.push('lost'),
  });
  return { faulty, happened, log, ending };
}

describe('faults of delivery', () => {
  it('deliveredTwice: one after the other, and the first response counts', async () => {
    const { faulty, happened, log } = hostWith('deliveredTwice');
    expect(await faulty.invoke({})).toEqual({ state: { number: 1 } });
    expect(happened).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
    expect(log.byKind).toEqual({ deliveredTwice: 1 });
  });

  it('deliveredTwiceAtOnce: both run at a time, and both are over when the host is settled', async () => {
    const { faulty, happened } = hostWith('deliveredTwiceAtOnce');
    const invoked = faulty.invoke({});
    expect(happened).toEqual(['overlap', 'begin 1', 'begin 2']);
    await invoked;
    await faulty.settled();
    expect(happened.toSorted()).toEqual(['begin 1', 'begin 2', 'end 1', 'end 2', 'overlap']);
  });

  it('pollerLost: the mapping begins again, and the work goes on', async () => {
    const { faulty, happened } = hostWith('pollerLost');
    await expect(faulty.invoke({})).rejects.toThrow(FunctionError);
    expect(happened).toEqual(['overlap', 'begin 1', 'waited', 'lost']);
    await faulty.settled();
    expect(happened).toEqual(['overlap', 'begin 1', 'waited', 'lost', 'end 1']);
  });

  it('responseLost: the work is done, the mapping sees a failure', async () => {
    const { faulty, happened } = hostWith('responseLost');
    await expect(faulty.invoke({})).rejects.toThrow(FunctionError);
    expect(happened).toEqual(['begin 1', 'end 1']);
  });

  it('windowEndedEarly: the state is above 1 MB, but for a final invocation, which has none to keep', async () => {
    const { faulty, log } = hostWith('windowEndedEarly');
    const grown = JSON.stringify(await faulty.invoke({ window: {}, isFinalInvokeForWindow: false }));
    expect(grown.length).toBeGreaterThan(1_048_576);
    expect(await faulty.invoke({ window: {}, isFinalInvokeForWindow: true })).toEqual({
      state: { number: 2 },
    });
    expect(log.byKind).toEqual({ windowEndedEarly: 1 });
  });

  it('lets everything pass once the faults are over', async () => {
    const { faulty, happened, ending } = hostWith('deliveredTwice');
    ending.abort();
    await faulty.invoke({});
    expect(happened).toEqual(['begin 1', 'end 1']);
  });
});
