import type { z } from 'zod';
import type { Clients } from '../clients.ts';
import type { Endpoints } from '../engines/index.ts';
import type { RecursiveLoop } from '../event-source-mapping/index.ts';
import type { Authorizer } from '../iam/authorizer.ts';
import type { Kms } from '../kms/kms.ts';
import type { PagePort } from '../page/page-port.ts';
import type { ResourceValues } from './intrinsics.ts';
import type { JsonObject } from './template.ts';

/** A resource with all its intrinsics evaluated. */
export interface ResourceRequest {
  stackName: string;
  logicalId: string;
  type: string;
  properties: JsonObject;
}

/** What a function needs to be hosted, from its template. */
export interface FunctionRequest {
  functionName: string;
  functionArn: string;
  codeDirectory: string;
  handler: string;
  timeoutMs: number;
  memorySizeMb: number;
  logGroupName: string;
  recursiveLoop: RecursiveLoop;
  variables: Readonly<Record<string, string>>;
}

/** Properties of an event source mapping as in the template. */
export interface MappingRequest {
  logicalId: string;
  functionName: string;
  source: 'kinesis' | 'sqs' | 'kafka';
  properties: JsonObject;
}

/** A function that is to say what became of a custom resource. */
export interface FunctionAsk {
  functionName: string;
  /** What CloudFormation asks with, but for the URL of the answer. */
  event: object;
  /** How long there may be no answer. */
  timeoutMs: number;
}

/** The account that resources are created in: what the emulators may use. */
export interface Account {
  region: string;
  accountId: string;
  clients: Clients;
  endpoints: Endpoints;
  assetPath(objectKey: string): string | undefined;
  createFunction(request: FunctionRequest): void;
  createMapping(request: MappingRequest): void | Promise<void>;
  /** @returns the function's answer, as it gave it. @throws Error when it gives none, or there is no such function */
  askFunction(ask: FunctionAsk): Promise<string>;
  /** What a browser talks to; undefined where no browser does. */
  page?: Pick<PagePort, 'host' | 'events' | 'distribution'>;
  /** Has the keys that sign; undefined where nothing is signed. */
  kms?: Pick<Kms, 'createKey' | 'createAlias'>;
  /** Learns what each resource says of rights; undefined where nobody asks. */
  authorizer?: Pick<Authorizer, 'collect' | 'deployed' | 'checkCallsOf'>;
  /** Tells the person at the machine what is not as on AWS. */
  warn(message: string): void;
}

/** Creates the resources of one CloudFormation type. Creating what exists already (kept data) is no error. */
export interface Emulator {
  create(request: ResourceRequest, account: Account): Promise<ResourceValues>;
}

export interface EmulatorDefinition<Schema extends z.ZodObject> {
  /** The properties that are carried out. */
  properties: Schema;
  /** Properties that make no difference on one machine: encryption, roles, tags and the like. */
  irrelevant: readonly string[];
  create(properties: z.output<Schema>, request: ResourceRequest, account: Account): Promise<ResourceValues>;
}

/**
 * An emulator that checks its properties and names those that it leaves out, so that no difference from AWS
 * goes unsaid.
 * @throws Error that names the resource and the property when a value is not as expected.
 */
export function defineEmulator<Schema extends z.ZodObject>(definition: EmulatorDefinition<Schema>): Emulator {
  const known = new Set([...Object.keys(definition.properties.shape), ...definition.irrelevant]);
  return {
    async create(request, account) {
      const left = Object.keys(request.properties).filter((name) => !known.has(name));
      if (left.length > 0) account.warn(`${placeOf(request)}: not emulated: ${left.join(', ')}`);
      return definition.create(readProperties(definition.properties, request), request, account);
    },
  };
}

/** @throws Error that names the resource and the property when a value is not as expected */
export function readProperties<Schema extends z.ZodType>(
  schema: Schema,
  request: ResourceRequest,
): z.output<Schema> {
  const result = schema.safeParse(request.properties);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`${placeOf(request)}: ${problems.join('; ')}`);
}

/** A resource, in messages. */
export function placeOf({ stackName, logicalId, type }: ResourceRequest): string {
  return `${stackName}/${logicalId} (${type})`;
}

/** @throws Error that names the resource where there is nothing for a browser */
export function pageOf(request: ResourceRequest, { page }: Account): NonNullable<Account['page']> {
  if (page === undefined) throw new Error(`${placeOf(request)}: nothing is played here for a browser`);
  return page;
}

/** The name CloudFormation would make up for a resource without one; stable, so that kept data is found again. */
export function generatedName({ stackName, logicalId }: ResourceRequest): string {
  return `${stackName}-${logicalId}`;
}
