import type { AwsAnswer, AwsCall, Interceptor } from '../../../../local/proxy/aws-call.ts';

/**
 * Sends the calls of DynamoDB to another engine as well, whose answers nobody gets: each call that the runtime's own
 * engine takes, it must take too. Two calls at a time may come to it in the other order: what it refuses by a condition
 * alone is no difference.
 * @param refused told of each call, or statement of a call, that only the other engine refuses
 */
export function alsoAt(endpoint: string, refused: string[]): Interceptor {
  return async (call, forward) => {
    // DynamoDB Local knows no backups.
    if (call.service !== 'dynamodb' || call.operation === 'UpdateContinuousBackups') return forward();
    const [own, other] = await Promise.all([forward(), send(call, endpoint)]);
    const taken = problemsOf(own);
    for (const [index, problem] of problemsOf(other).entries()) {
      if (problem !== undefined && taken[index] === undefined) {
        refused.push(`${call.operation}: ${problem}: ${call.body.toString('utf8').slice(0, 500)}`);
      }
    }
    return own;
  };
}

/**
 * DynamoDB Local keeps tables apart by access key: the functions' environments and the runtime, which have a key
 * each, become one caller.
 */
async function send(call: AwsCall, endpoint: string): Promise<AwsAnswer> {
  const { authorization = '', 'x-amz-date': date, 'x-amz-target': target } = call.headers;
  const response = await fetch(new URL(call.path, endpoint), {
    method: call.method,
    headers: {
      authorization: authorization.replace(/Credential=[^/]+/, 'Credential=local'),
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': String(date),
      'x-amz-target': String(target),
    },
    body: call.body,
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

interface Body {
  __type?: string;
  message?: string;
  Message?: string;
  Responses?: unknown;
}

/** Of the call or, where it has some, of each of its statements; undefined: none, or a condition that did not hold. */
function problemsOf({ status, body }: AwsAnswer): (string | undefined)[] {
  const answer: Body = JSON.parse(body.toString('utf8'));
  if (status !== 200) return [problem(answer.__type, answer.message ?? answer.Message)];
  if (!Array.isArray(answer.Responses)) return [undefined];
  return answer.Responses.map(({ Error: error }) => problem(error?.Code, error?.Message));
}

function problem(type: string | undefined, message: string | undefined): string | undefined {
  const isCondition = type === undefined || /ConditionalCheckFailed|DuplicateItem/.test(type);
  return isCondition ? undefined : `${type}: ${message}`;
}
