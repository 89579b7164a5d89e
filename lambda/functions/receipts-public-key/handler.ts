import { kmsClient } from '../../adapters/clients.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { putAnswer } from '../../adapters/put-answer.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { wireReceiptsPublicKey } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();

const work = wireReceiptsPublicKey({ kms: kmsClient(), putAnswer, retry: standardRetry });

export function handler(event: unknown): Promise<void> {
  return telemetry.around(() => work(event));
}
