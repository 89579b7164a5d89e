import type { Right } from '../policy/request.ts';
import { arnOf, NO_RESOURCE, type Scope } from './scope.ts';

/** Service Authorization Reference, SQS: a batch takes the right of the single message. */
export function sqsRights(
  operation: string,
  { QueueUrl, QueueName }: Readonly<Record<string, unknown>>,
  scope: Scope,
): Right[] {
  const action = `sqs:${operation.replace(/Batch$/, '')}`;
  const name = typeof QueueUrl === 'string' ? QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1) : QueueName;
  return [{ action, resource: typeof name === 'string' ? arnOf('sqs', scope, name) : NO_RESOURCE }];
}
