/**
 * As much of Lambda's REST API as it takes to invoke a function, to reserve concurrency for it, to look at the event source
 * mappings, and to pause and resume them with the AWS CLI (AWS Lambda API reference). Other operations answer by their path.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ENGINE_HOST } from '../engines/running-engine.ts';
import type { ApiAnswer, ApiRequest, LambdaApiContext } from './context.ts';
import {
  deleteFunctionConcurrency,
  getFunctionConcurrency,
  getFunctionConfiguration,
  invokeFunction,
  putFunctionConcurrency,
} from './functions.ts';
import { ApiError } from './http-error.ts';
import { MappingsApi } from './mappings.ts';

export function lambdaApi(context: LambdaApiContext): RequestListener {
  const mappings = new MappingsApi(context);
  return (request, response) => {
    // A caller that goes away ends its own request only.
    handle(request, response, context, mappings).catch(() => response.destroy());
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  context: LambdaApiContext,
  mappings: MappingsApi,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', `http://${ENGINE_HOST}`);
  const [version, ...path] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const { method = 'GET', headers } = incoming;
  const request = { method, path, headers, query: url.searchParams, body: await buffer(incoming) };
  const answer = await route(version, request, context, mappings).catch(errorAnswer);
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(answer.body);
}

async function route(
  version: string | undefined,
  request: ApiRequest,
  context: LambdaApiContext,
  mappings: MappingsApi,
): Promise<ApiAnswer> {
  const { method, path, query, body } = request;
  const [collection, id = '', part] = path;
  // Each operation has the version of the API in which it came.
  switch ([version, method, collection, id && '*', part].filter(Boolean).join(' ')) {
    case '2015-03-31 GET event-source-mappings':
      return mappings.list(query);
    case '2015-03-31 GET event-source-mappings *':
      return mappings.get(id);
    case '2015-03-31 PUT event-source-mappings *':
      return mappings.update(id, body);
    case '2015-03-31 POST functions * invocations':
      return invokeFunction(context, id, request);
    case '2015-03-31 GET functions * configuration':
      return getFunctionConfiguration(context, id);
    case '2017-10-31 PUT functions * concurrency':
      return putFunctionConcurrency(context, id, body);
    case '2019-09-30 GET functions * concurrency':
      return getFunctionConcurrency(context, id);
    case '2017-10-31 DELETE functions * concurrency':
      return deleteFunctionConcurrency(context, id);
    default:
      throw new ApiError(404, 'UnknownOperationException', `Not played here: ${method} /${path.join('/')}`);
  }
}

function errorAnswer(error: unknown): ApiAnswer {
  const { status, type } = error instanceof ApiError ? error : { status: 500, type: 'ServiceException' };
  const Message = error instanceof Error ? error.message : String(error);
  return {
    status,
    headers: { 'x-amzn-errortype': type },
    body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message }),
  };
}
