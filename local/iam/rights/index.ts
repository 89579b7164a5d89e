/** Which rights a call on the wire takes: one file a service, `keys.ts` for those of KMS that follow from them. */
import type { AwsCall } from '../../proxy/aws-call.ts';
import type { Right } from '../policy/request.ts';
import { appsyncRights } from './appsync.ts';
import { dynamodbRights } from './dynamodb.ts';
import { kinesisRights } from './kinesis.ts';
import { kmsRights } from './kms.ts';
import { s3Rights } from './s3.ts';
import { NO_RESOURCE, type Scope } from './scope.ts';
import { sqsRights } from './sqs.ts';

export type { Scope } from './scope.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * All of them have to be there.
 * @param body of the request, where the service speaks JSON
 */
export function rightsOf(call: AwsCall, body: Body, scope: Scope): Right[] {
  switch (call.service) {
    case 'appsync':
      return appsyncRights(body, scope);
    case 'dynamodb':
      return dynamodbRights(call.operation, body, scope);
    case 'kinesis':
      return kinesisRights(call.operation, body, scope);
    case 'kms':
      return kmsRights(call.operation, body, scope);
    case 's3':
      return s3Rights(call);
    case 'sqs':
      return sqsRights(call.operation, body, scope);
    default:
      return [{ action: `${call.service}:${call.operation}`, resource: NO_RESOURCE }];
  }
}
