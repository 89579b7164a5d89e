import { z } from 'zod';

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), jsonObject]),
);
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

const resource = z.object({
  Type: z.string(),
  Properties: jsonObject.default({}),
  DependsOn: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
});

const output = z.object({
  Value: json,
  Condition: z.string().optional(),
  Export: z.object({ Name: json }).optional(),
});

/**
 * The parts of a CloudFormation template that say what exists. `Rules` and `Metadata` do not, `Mappings` and
 * `Transform` would change what the rest means, so a template with them is refused.
 */
const template = z.object({
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: json.optional() })).default({}),
  Conditions: z.record(z.string(), json).default({}),
  // An empty stack of the CDK has none.
  Resources: z.record(z.string(), resource).default({}),
  Outputs: z.record(z.string(), output).default({}),
  Mappings: z.undefined({ error: 'is not supported' }).optional(),
  Transform: z.undefined({ error: 'is not supported' }).optional(),
});

export type Resource = z.output<typeof resource>;
export type Template = z.output<typeof template>;

/** @throws Error that names the stack and what is wrong with its template. */
export function parseTemplate(stackName: string, value: unknown): Template {
  const result = template.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`Template of ${stackName}: ${z.prettifyError(result.error)}`);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
