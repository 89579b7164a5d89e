import { wireReceiptsPublicKey } from '../../lambda/functions/receipts-public-key/wiring.ts';
import type { FunctionAsk } from '../../local/cloudformation/emulator.ts';
import { type ServiceAnswer, type ServiceCall, simulatedClients } from './services/index.ts';

export interface DeploymentOptions {
  readonly region: string;
  readonly handle: (call: ServiceCall) => ServiceAnswer;
}

/**
 * What a deployment asks of a function, here the public half of a key. In no time and without faults: what is simulated
 * begins when the stacks are there, and no run shall be another one because of how they came.
 *
 * @returns the answer @throws Error when it gives none
 */
export async function askFunction(
  { functionName, event }: FunctionAsk,
  { region, handle }: DeploymentOptions,
): Promise<string> {
  const { kms } = simulatedClients({
    ...{ region, caller: `${functionName}.0` },
    send: async (call) => handle(call),
  });
  let answer: string | undefined;
  const work = wireReceiptsPublicKey({
    kms,
    async putAnswer(_, body) {
      answer = body;
    },
    // There is nothing to wait for, so that nothing is ever late.
    retry: { attempts: 1, firstPauseMs: 0, sleep: () => new Promise(() => {}), random: () => 0 },
  });
  await work({ ...event, ResponseURL: 'https://deployment' });
  if (answer === undefined) throw new Error(`${functionName} gave no answer`);
  return answer;
}
