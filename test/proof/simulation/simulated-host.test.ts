import { expect, it } from 'vitest';
import { Random } from '../../../local/faults/random.ts';
import { Scheduler } from '../../../proof/simulation/scheduler.ts';
import { SimulatedHost } from '../../../proof/simulation/simulated-host.ts';

it('hands over no response of more than 6 MB, as Lambda', async () => {
  const scheduler = new Scheduler(new Random(1), 0);
  const host = new SimulatedHost({
    ...{ functionName: 'probe', timeoutMs: 1_000, scheduler, coldStartMs: () => 0 },
    start: () => async () => 'x'.repeat(6_291_555),
  });
  await expect(scheduler.run(() => host.invoke({}))).rejects.toMatchObject({
    name: 'FunctionError',
    errorType: 'Function.ResponseSizeTooLarge',
  });
});
