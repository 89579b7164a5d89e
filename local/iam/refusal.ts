import type { AwsAnswer, AwsCall } from '../proxy/aws-call.ts';
import { errorAnswer, xmlErrorAnswer } from '../proxy/aws-call.ts';
import type { Decision } from './policy/decide.ts';
import type { Right } from './policy/request.ts';

/** A right that a function wanted to use, and that its role does not have. */
export interface Refusal extends Right {
  readonly functionName: string;
  readonly roleName: string;
  readonly sessionArn: string;
  readonly decision: Decision & { readonly isAllowed: false };
}

/** For the person at the machine: one line that names role, action and resource. */
export function refusalLine(refusal: Refusal): string {
  const { functionName, roleName, action, resource } = refusal;
  const what = `the role ${roleName} of ${functionName} is not authorized to perform ${action} on ${resource}`;
  return `AccessDenied: ${what} ${reason(refusal, action)}`;
}

/**
 * As AWS puts it (IAM User Guide, Troubleshoot access denied error messages). SQS writes its actions in lower case.
 */
export function refusalMessage(refusal: Refusal): string {
  const { sessionArn, resource } = refusal;
  const action = refusal.action.startsWith('sqs:') ? refusal.action.toLowerCase() : refusal.action;
  return `User: ${sessionArn} is not authorized to perform: ${action} on resource: ${resource} ${reason(refusal, action)}`;
}

function reason({ decision: { isExplicit, policy } }: Refusal, action: string): string {
  if (isExplicit)
    return `with an explicit deny in ${policy === 'identity-based' ? 'an' : 'a'} ${policy} policy`;
  return `because no ${policy} policy allows the ${action} action`;
}

/** @returns what the service answers. Of its key's refusal each speaks in its own way (API references, common errors) */
export function refusalAnswer(service: string, refusal: Refusal): AwsAnswer {
  const message = refusalMessage(refusal);
  const isKey = refusal.action.startsWith('kms:');
  switch (service) {
    case 's3':
      return xmlErrorAnswer(403, 'AccessDenied', message);
    case 'sqs':
      return sqsAnswer(isKey, message);
    case 'kinesis':
      return errorAnswer(400, isKey ? 'KMSAccessDeniedException' : 'AccessDeniedException', message);
    default:
      return errorAnswer(400, 'com.amazon.coral.service#AccessDeniedException', message);
  }
}

/** To a call that nobody has signed: of S3, which alone has no target, or of the others (API references, common errors). */
export function unsignedAnswer({ headers }: Pick<AwsCall, 'headers'>): AwsAnswer {
  if (headers['x-amz-target'] === undefined) return xmlErrorAnswer(403, 'AccessDenied', 'Access Denied');
  return errorAnswer(400, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
}

/** SDKs know the errors of SQS by their names in the older protocol, too. */
function sqsAnswer(isKey: boolean, message: string): AwsAnswer {
  const type = isKey ? 'com.amazonaws.sqs#KmsAccessDenied' : 'com.amazon.coral.service#AccessDeniedException';
  const answer = errorAnswer(400, type, message);
  const name = isKey ? 'KMS.AccessDeniedException' : 'AccessDenied';
  return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${name};Sender` } };
}
