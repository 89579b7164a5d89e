import type { Interceptor } from '../../../local/proxy/aws-call.ts';

/**
 * Sends the calls of DynamoDB to another engine than the runtime's own. That one keeps tables apart by access key:
 * the functions' environments and the runtime, which have a key each, become one caller.
 */
export function dynamodbAt(endpoint: string): Interceptor {
  return async (call, forward) => {
    if (call.service !== 'dynamodb') return forward();
    // DynamoDB Local knows no backups: the wish for none of them is granted here.
    if (call.operation === 'UpdateContinuousBackups')
      return { status: 200, headers: {}, body: Buffer.from('{}') };
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
  };
}
