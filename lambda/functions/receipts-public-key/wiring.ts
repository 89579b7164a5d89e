import { KmsReceiptKeys } from '../../adapters/kms-receipts.ts';
import type { Resources } from '../resources.ts';
import { type PublicKeyDependencies, processRequest } from './process.ts';

/** @returns the function, on these resources */
export function wireReceiptsPublicKey({
  kms,
  putAnswer,
  retry,
}: Pick<Resources, 'kms' | 'retry'> & Pick<PublicKeyDependencies, 'putAnswer'>): (
  event: unknown,
) => Promise<void> {
  return (event) =>
    processRequest(event, {
      publicKeyOf: (keyArn) => new KmsReceiptKeys(kms, keyArn, retry).publicKey(),
      putAnswer,
      retry,
    });
}
