import * as z from 'zod/mini';

/** Of which each is one byte in JSON: what is answered beside a reason is known to fit. */
const plain = z.regex(/^[ !#-[\]-~]+$/, 'must be plain ASCII');

/** Where an answer goes, and to what it is one: without them there is nobody to tell. */
const addressSchema = z.object({
  ResponseURL: z.url({ protocol: /^https?$/ }),
  StackId: z.string().check(z.maxLength(1_024), plain),
  RequestId: z.string().check(z.maxLength(128), plain),
  LogicalResourceId: z.string().check(z.maxLength(255), plain),
});

const physicalId = z.string().check(z.maxLength(1_024), plain);

/** By its ARN alone: that is what the resource is called, and an alias may be of another key tomorrow. */
const keyId = z
  .string()
  .check(z.regex(/^arn:[\w-]{1,32}:kms:[\w-]{1,32}:\d{12}:key\/[\w-]{1,128}$/, 'must be the ARN of a key'));

const keySchema = z.object({ ResourceProperties: z.object({ KeyId: keyId }) });

const askSchema = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.literal('Create'), ...keySchema.shape }),
  z.object({ RequestType: z.literal('Update'), PhysicalResourceId: physicalId, ...keySchema.shape }),
  z.object({ RequestType: z.literal('Delete'), PhysicalResourceId: physicalId }),
]);

export type Address = z.output<typeof addressSchema>;
export type Ask = z.output<typeof askSchema>;

/** @throws Error that names the field */
export function addressOf(event: unknown): Address {
  return parsed(addressSchema, event);
}

/** @throws Error that names the field */
export function askOf(event: unknown): Ask {
  return parsed(askSchema, event);
}

/** What the resource is called so far, if it is at all. */
export function physicalIdOf(event: unknown): string | undefined {
  return z.object({ PhysicalResourceId: physicalId }).safeParse(event).data?.PhysicalResourceId;
}

function parsed<Schema extends z.ZodMiniType>(schema: Schema, event: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(event);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const field = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new TypeError(`The request of CloudFormation is none: ${field}${issue?.message}`);
}
