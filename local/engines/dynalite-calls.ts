import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import dynalite from 'dynalite';
import db from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import type { CallEngine } from './dynamodb-front.ts';

/** Errors of the API have a status and a body, others are dynalite's own. */
type ApiError = Error & { statusCode?: number; body?: unknown };

type Respond = (error: ApiError | null, body?: unknown) => void;

interface Operation {
  readonly validation: { readonly types: object; readonly custom?: unknown };
  readonly act: (store: object, input: object, respond: Respond) => void;
}

const require = createRequire(import.meta.url);
const operations = new Map<string, Operation>();

/**
 * dynalite, and its operations without HTTP: a batch of statements is 25 of them, and a request that never was on a wire
 * costs more to pretend than what it asks for.
 */
export function startWithCalls(options: Parameters<typeof dynalite>[0]): {
  server: Server;
  call: CallEngine;
} {
  const { create } = db;
  let store: object | undefined;
  db.create = (settings) => {
    store = create(settings);
    return store;
  };
  const server = dynalite(options);
  db.create = create;
  if (store === undefined) throw new Error('dynalite has made no store');
  return { server, call: callsOf(store) };
}

/** As dynalite's own listener does it, from the parsed body on. */
function callsOf(store: object): CallEngine {
  return (name, input) =>
    new Promise((resolve, reject) => {
      const operation = operationOf(name);
      if (operation === undefined) return resolve(unknownOperation);
      const respond: Respond = (error, body) => {
        if (!error) resolve({ status: 200, body });
        else if (error.statusCode === undefined) reject(error);
        else resolve({ status: error.statusCode, body: error.body });
      };
      const { types, custom } = operation.validation;
      let checked: object;
      try {
        checked = validations.checkTypes({ ...input }, types);
        validations.checkValidations(checked, types, custom, store);
      } catch (error) {
        return respond(refusal(error as ApiError));
      }
      operation.act(store, checked, respond);
    });
}

/** What its checks stumble over, as an attribute that is null, is the caller's fault: the engine goes on. */
function refusal(error: ApiError): ApiError {
  if (error.statusCode !== undefined) return error;
  const __type = 'com.amazon.coral.service#SerializationException';
  return Object.assign(error, { statusCode: 400, body: { __type, message: error.message } });
}

const unknownOperation = {
  status: 400,
  body: { __type: 'com.amazon.coral.service#UnknownOperationException' },
};

/** dynalite has a file for each: what has none it does not know. */
function operationOf(name: string): Operation | undefined {
  const known = operations.get(name);
  if (known !== undefined || !/^[A-Z]\w+$/.test(name)) return known;
  const file = validations.toLowerFirst(name);
  try {
    const operation: Operation = {
      validation: require(`dynalite/validations/${file}.js`),
      act: require(`dynalite/actions/${file}.js`),
    };
    operations.set(name, operation);
    return operation;
  } catch {
    return undefined;
  }
}
