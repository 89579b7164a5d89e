import { join } from 'node:path';
import { z } from 'zod';
import { keptText } from '../kept-file.ts';
import { type Chain, chainOf, newSecretKey } from './chain.ts';

/** How old a new chain is: rounds shall be there at once. */
const AGE_SECONDS = 86_400;

const kept = z.strictObject({
  genesisSeconds: z.int().min(0),
  secretKey: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * The chain that a data directory keeps, made the first time; without a directory a new one.
 * @param now ms
 * @throws Error that names the file, and what to do, when it is damaged
 */
export function openChain(dataDir: string | undefined, now: number): Chain {
  const make = () =>
    JSON.stringify({
      genesisSeconds: Math.max(0, Math.floor(now / 1000) - AGE_SECONDS),
      secretKey: Buffer.from(newSecretKey()).toString('hex'),
    });
  if (dataDir === undefined) return parse(make());
  const path = join(dataDir, 'drand.json');
  const text = keptText(path, make);
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(
      `The chain in ${path} is damaged. Delete the file: a new one is made, and what waits for a round of the old one waits for ever.`,
      { cause },
    );
  }
}

function parse(text: string): Chain {
  const { genesisSeconds, secretKey } = kept.parse(JSON.parse(text));
  return chainOf(Buffer.from(secretKey, 'hex'), genesisSeconds);
}
