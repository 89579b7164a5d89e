import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readAnswer } from '../custom-resource-answer.ts';
import { type Account, type Emulator, placeOf, type ResourceRequest, readProperties } from '../emulator.ts';
import { isObject, type Json, type JsonObject } from '../template.ts';
import { functionNameOf } from './lambda-event-source-mapping.ts';

/** CloudFormation's own, where the resource sets none. */
const LONGEST_TIMEOUT_SECONDS = 3600;

/** In a template the number may be a text, as all numbers. */
const customProperties = z.looseObject({
  ServiceToken: z
    .string()
    .regex(/^arn:[^:]+:lambda:.+:function:/, 'must be the ARN of a function: nothing else is played here'),
  ServiceTimeout: z.coerce
    .number()
    .int()
    .min(1)
    .max(LONGEST_TIMEOUT_SECONDS)
    .default(LONGEST_TIMEOUT_SECONDS),
});

/**
 * `AWS::CloudFormation::CustomResource` and `Custom::…`: the function that ServiceToken names is asked to create it, and says
 * what Ref and Fn::GetAtt give. All its properties are the function's (AWS CloudFormation User Guide, "Create custom
 * provisioning logic with custom resources").
 */
export const customResource: Emulator = {
  /** @throws Error in one line that names the resource, when the function does not say that it is there */
  async create(request, account) {
    const { ServiceToken, ServiceTimeout } = readProperties(customProperties, request);
    const functionName = functionNameOf(ServiceToken);
    const event = createEvent(request, ServiceToken, account);
    try {
      account.authorizer?.checkCallsOf(functionName);
      const ask = { functionName, event, timeoutMs: 1_000 * ServiceTimeout };
      return readAnswer(await account.askFunction(ask), event);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${placeOf(request)}: ${functionName}: ${message.replaceAll(/\s*\n\s*/g, ' ')}`, {
        cause: error,
      });
    }
  },
};

/** What CloudFormation asks with, but for the URL of the answer. */
export interface CustomResourceEvent {
  readonly RequestType: 'Create';
  readonly ServiceToken: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly ResourceProperties: JsonObject;
}

function createEvent(
  { stackName, logicalId, type, properties }: ResourceRequest,
  ServiceToken: string,
  { region, accountId }: Account,
): CustomResourceEvent {
  const StackId = `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;
  const ResourceProperties = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, inTexts(value)]),
  );
  return {
    ...{ RequestType: 'Create', ServiceToken, StackId, LogicalResourceId: logicalId, ResourceType: type },
    RequestId: requestId([StackId, logicalId, ResourceProperties]),
    ResourceProperties,
  };
}

/** CloudFormation hands over numbers and booleans as texts. */
function inTexts(value: Json): Json {
  if (Array.isArray(value)) return value.map(inTexts);
  if (!isObject(value)) return value === null ? value : String(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inTexts(item)]));
}

/**
 * The same for the same resource with the same properties: a function that remembers the requests it has done finds that of
 * an earlier start in kept data. In the form of a UUID.
 */
function requestId(of: Json): string {
  const digits = createHash('sha256').update(JSON.stringify(of)).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
