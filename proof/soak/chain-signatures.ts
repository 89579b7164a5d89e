import { z } from 'zod';
import type { Evidence } from '../audit/evidence.ts';

const answer = z.object({ round: z.number(), signature: z.string() });

/**
 * Asks a runtime's own chain, and none of its mirrors, for what it has signed.
 * @throws Error when it does not say it
 */
export function signaturesFrom(endpoint: string, chainHash: string): (round: number) => Promise<string> {
  return async (round) => {
    const response = await fetch(`${endpoint}/${chainHash}/public/${round}`);
    const said = answer.parse(await response.json());
    if (said.round !== round) throw new Error(`The chain answers with round ${said.round}, not ${round}`);
    return said.signature;
  };
}

/** What the chain has signed for the rounds that have drawn. */
export async function signaturesOf(
  { draws }: Pick<Evidence, 'draws'>,
  signatureOf: (round: number) => Promise<string>,
): Promise<Map<number, string>> {
  const rounds = new Set(draws.flatMap(({ beacon }) => beacon?.round ?? []));
  const signatures = new Map<number, string>();
  for (const round of rounds) signatures.set(round, await signatureOf(round));
  return signatures;
}
