import type { PutAnswer } from '../../adapters/put-answer.ts';
import { type RetryPolicy, untilDone } from '../../adapters/retry.ts';
import { answerAttempts, publicKeyWaitingMs } from '../../contract/waiting.ts';
import { type Answer, answerText } from './answer.ts';
import { addressOf, askOf, physicalIdOf } from './request.ts';

export interface PublicKeyDependencies {
  /** SubjectPublicKeyInfo of a key, base64. @throws what KMS says */
  readonly publicKeyOf: (keyArn: string) => Promise<string>;
  readonly putAnswer: PutAnswer;
  readonly retry: RetryPolicy;
}

/**
 * One request of CloudFormation for the resource that stands for the public half of a key of KMS. It is answered once,
 * whatever becomes of it: CloudFormation waits for what never comes. The resource is called as its key, so that another key
 * is another resource; to delete it changes nothing.
 *
 * @throws Error when the request cannot be answered, or nobody takes the answer: Lambda asks again, and the same comes of it
 */
export async function processRequest(event: unknown, dependencies: PublicKeyDependencies): Promise<void> {
  const { putAnswer, retry } = dependencies;
  const address = addressOf(event);
  const body = answerText(address, await answerTo(event, address.LogicalResourceId, dependencies));
  await untilDone({ ...retry, attempts: answerAttempts }, async () => {
    await putAnswer(address.ResponseURL, body);
    return true;
  });
}

async function answerTo(
  event: unknown,
  logicalId: string,
  dependencies: PublicKeyDependencies,
): Promise<Answer> {
  try {
    const ask = askOf(event);
    if (ask.RequestType === 'Delete') {
      return { Status: 'SUCCESS', PhysicalResourceId: ask.PhysicalResourceId };
    }
    const { KeyId } = ask.ResourceProperties;
    const PublicKey = await inTime(dependencies.publicKeyOf(KeyId), dependencies.retry);
    return { Status: 'SUCCESS', PhysicalResourceId: KeyId, Data: { PublicKey } };
  } catch (error) {
    const Reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    // What failed keeps its name: under another one CloudFormation would delete what there is.
    return { Status: 'FAILED', PhysicalResourceId: physicalIdOf(event) ?? logicalId, Reason };
  }
}

/** @throws Error when it takes too long; what is under way goes on, and nobody waits for it */
async function inTime<Result>(work: Promise<Result>, { sleep }: RetryPolicy): Promise<Result> {
  const seconds = publicKeyWaitingMs / 1_000;
  const late = sleep(publicKeyWaitingMs).then(() => {
    throw new Error(`KMS did not give the public key within ${seconds} s`);
  });
  return Promise.race([work, late]);
}
