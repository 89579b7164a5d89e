// @ts-check
/**
 * The thread of one execution environment: loads the bundled handler, then answers one invocation after the
 * other. It stands where Lambda's runtime interface client stands, and shows the function no more than that.
 *
 * In plain JavaScript, as every thread that loads TypeScript loads what strips the types too: a quarter of its start.
 * @import { BootstrapData, BootstrapMessage, InvokeMessage, SerializedError } from './protocol.ts'
 * @typedef {(event: unknown, context: object) => unknown} Handler
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** The order in which Lambda's Node.js runtime looks for the module of a handler. */
const MODULE_EXTENSIONS = ['js', 'mjs', 'cjs'];

/** @type {BootstrapData} */
const data = workerData;

try {
  const handler = await loadHandler(data);
  parentPort?.on('message', (/** @type {InvokeMessage} */ message) => void answer(handler, message));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'init-failed', error: serialize(error) });
}

/**
 * @param {BootstrapData} data
 * @returns {Promise<Handler>}
 */
async function loadHandler({ codeDirectory, handler }) {
  const dot = handler.lastIndexOf('.');
  const [moduleName, exportName] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const file = MODULE_EXTENSIONS.map((extension) => join(codeDirectory, `${moduleName}.${extension}`)).find(
    existsSync,
  );
  if (file === undefined) throw named('Runtime.ImportModuleError', `Cannot find module '${moduleName}'`);
  /** @type {Record<string, unknown>} */
  const loaded = await import(pathToFileURL(file).href);
  const exported = loaded[exportName];
  if (typeof exported !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return (event, context) => exported(event, context);
}

/**
 * @param {Handler} handler
 * @param {InvokeMessage} invocation
 */
async function answer(handler, invocation) {
  const { requestId, payload, deadline, traceHeader } = invocation;
  // As Lambda's runtime does. An environment has one invocation at a time, so no other sees it.
  process.env._X_AMZN_TRACE_ID = traceHeader;
  try {
    const response = await handler(JSON.parse(payload), context(requestId, deadline));
    send({ kind: 'response', requestId, payload: JSON.stringify(response) });
  } catch (error) {
    send({ kind: 'error', requestId, error: serialize(error) });
  }
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 * @param {string} requestId
 * @param {number} deadline
 */
function context(requestId, deadline) {
  return {
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memorySizeMb),
    awsRequestId: requestId,
    logGroupName: data.logGroupName,
    logStreamName: data.logStreamName,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/**
 * @param {string} name
 * @param {string} message
 */
function named(name, message) {
  return Object.assign(new Error(message), { name });
}

/**
 * @param {unknown} error
 * @returns {SerializedError}
 */
function serialize(error) {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, stack: error.stack ?? '' };
  }
  return { errorType: 'Error', errorMessage: String(error), stack: '' };
}

/** @param {BootstrapMessage} message */
function send(message) {
  parentPort?.postMessage(message);
}
