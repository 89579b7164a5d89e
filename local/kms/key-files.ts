import { join } from 'node:path';
import { keptText } from '../kept-file.ts';
import { type KeyPair, keyPairOf, newPrivateKey } from './key-pair.ts';

/**
 * Makes key pairs, by the ids of their keys, and keeps them: a file for each, PKCS #8 as PEM.
 * @param dataDir undefined: they are in memory alone
 * @returns of the same id the same pair, over restarts too. It throws an Error that names a file that is damaged
 */
export function keyFiles(dataDir: string | undefined): (keyId: string) => KeyPair {
  if (dataDir === undefined) return () => keyPairOf(newPrivateKey());
  return (keyId) => {
    const path = join(dataDir, 'kms', `${encodeURIComponent(keyId)}.pem`);
    const pem = keptText(path, newPrivateKey);
    try {
      return keyPairOf(pem);
    } catch (cause) {
      throw new Error(
        `The key in ${path} is damaged. Delete the file: a new key is made, and signs nothing that the old one has signed.`,
        { cause },
      );
    }
  };
}
