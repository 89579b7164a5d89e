import { z } from 'zod';
import { placeOf, type ResourceRequest, readProperties } from '../cloudformation/emulator.ts';
import { functionNameOf } from '../cloudformation/emulators/lambda-event-source-mapping.ts';
import type { ResourceValues } from '../cloudformation/intrinsics.ts';
import { parseResourcePolicy, parseRolePolicy } from './policy/statement.ts';
import type { Registry, Role } from './registry.ts';
import type { Scope } from './rights/index.ts';
import { arnOf } from './rights/scope.ts';

interface Collected {
  readonly request: ResourceRequest;
  readonly values: ResourceValues;
  readonly registry: Registry;
  readonly scope: Scope;
}

type Collector = (collected: Collected) => void;

/** What says something of rights, by CloudFormation type. */
const collectors: Readonly<Record<string, Collector>> = {
  'AWS::DynamoDB::Table': encrypted(
    z.object({ SSESpecification: z.looseObject({ KMSMasterKeyId: z.string().optional() }).optional() }),
    ({ SSESpecification }) => SSESpecification?.KMSMasterKeyId,
  ),
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::IAM::RolePolicy': rolePolicy,
  'AWS::KMS::Key': key,
  'AWS::Kinesis::Stream': encrypted(
    z.object({ StreamEncryption: z.looseObject({ KeyId: z.string().optional() }).optional() }),
    ({ StreamEncryption }) => StreamEncryption?.KeyId,
  ),
  'AWS::Lambda::EventSourceMapping': mapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::S3::Bucket': encrypted(
    z.object({ BucketEncryption: z.unknown().optional() }),
    ({ BucketEncryption }) => bucketKey.parse(BucketEncryption),
  ),
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SQS::Queue': encrypted(
    z.object({ KmsMasterKeyId: z.string().optional() }),
    ({ KmsMasterKeyId }) => KmsMasterKeyId,
  ),
  'AWS::SQS::QueuePolicy': queuePolicy,
};

/**
 * Notes what a resource that was created says of rights.
 * @throws Error in a line that names the resource, and what of its policy is wrong or not emulated
 */
export function collect(collected: Collected): void {
  const { request } = collected;
  const collector = Object.hasOwn(collectors, request.type) ? collectors[request.type] : undefined;
  collector?.(collected);
}

const document = z.unknown();

const inline = z.object({ PolicyDocument: document });

function role({ request, values, registry }: Collected): void {
  const properties = readProperties(
    z.object({
      Policies: z.array(inline).default([]),
      ManagedPolicyArns: z.array(z.string()).default([]),
      PermissionsBoundary: z.undefined({ error: 'is not emulated' }).optional(),
    }),
    request,
  );
  const statements = properties.Policies.flatMap(({ PolicyDocument }) =>
    parsed(request, () => parseRolePolicy(PolicyDocument)),
  );
  const arn = values.attributes.Arn ?? '';
  registry.roles.set(values.ref, {
    ...{ name: values.ref, arn, statements },
    managedPolicies: [...properties.ManagedPolicyArns],
  });
}

function policy({ request, registry }: Collected): void {
  const schema = inline.extend({ Roles: z.array(z.string()).default([]) });
  const { PolicyDocument, Roles } = readProperties(schema, request);
  const statements = parsed(request, () => parseRolePolicy(PolicyDocument));
  for (const name of Roles) roleNamed(name, request, registry).statements.push(...statements);
}

function rolePolicy({ request, registry }: Collected): void {
  const { PolicyDocument, RoleName } = readProperties(inline.extend({ RoleName: z.string() }), request);
  const statements = parsed(request, () => parseRolePolicy(PolicyDocument));
  roleNamed(RoleName, request, registry).statements.push(...statements);
}

function managedPolicy({ request, values, registry }: Collected): void {
  const schema = inline.extend({ Roles: z.array(z.string()).default([]) });
  const { PolicyDocument, Roles } = readProperties(schema, request);
  registry.managedPolicies.set(
    values.ref,
    parsed(request, () => parseRolePolicy(PolicyDocument)),
  );
  for (const name of Roles) roleNamed(name, request, registry).managedPolicies.push(values.ref);
}

function lambdaFunction({ request, values, registry }: Collected): void {
  const { Role: arn } = readProperties(z.object({ Role: z.string() }), request);
  registry.functions.set(values.ref, arn);
}

function mapping({ request, registry }: Collected): void {
  const properties = readProperties(
    z.object({
      FunctionName: z.string(),
      EventSourceArn: z.string(),
      DestinationConfig: z
        .looseObject({ OnFailure: z.looseObject({ Destination: z.string() }).optional() })
        .optional(),
    }),
    request,
  );
  registry.mappings.push({
    at: `${request.stackName}/${request.logicalId}`,
    functionName: functionNameOf(properties.FunctionName),
    sourceArn: properties.EventSourceArn,
    destinationArn: properties.DestinationConfig?.OnFailure?.Destination,
  });
}

function key({ request, values, registry, scope }: Collected): void {
  const { KeyPolicy } = readProperties(z.object({ KeyPolicy: document.optional() }), request);
  // Without a policy of its own a key has one that leaves it to the account's roles.
  if (KeyPolicy === undefined) return;
  registry.resourcePolicies.set(
    values.attributes.Arn ?? '',
    parsed(request, () => parseResourcePolicy(KeyPolicy, scope.accountId)),
  );
}

function queuePolicy({ request, registry, scope }: Collected): void {
  const schema = inline.extend({ Queues: z.array(z.string()) });
  const { PolicyDocument, Queues } = readProperties(schema, request);
  const statements = parsed(request, () => parseResourcePolicy(PolicyDocument, scope.accountId));
  for (const url of Queues) {
    registry.resourcePolicies.set(arnOf('sqs', scope, url.slice(url.lastIndexOf('/') + 1)), statements);
  }
}

function bucketPolicy({ request, registry, scope }: Collected): void {
  const { PolicyDocument, Bucket } = readProperties(inline.extend({ Bucket: z.string() }), request);
  registry.resourcePolicies.set(
    `arn:aws:s3:::${Bucket}`,
    parsed(request, () => parseResourcePolicy(PolicyDocument, scope.accountId)),
  );
}

const bucketKey = z
  .looseObject({
    ServerSideEncryptionConfiguration: z.array(
      z.looseObject({
        ServerSideEncryptionByDefault: z.looseObject({ KMSMasterKeyID: z.string().optional() }).optional(),
      }),
    ),
  })
  .optional()
  .transform(
    (encryption) =>
      encryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault?.KMSMasterKeyID,
  );

/** A resource that may be encrypted with a key of the account's own. */
function encrypted<Schema extends z.ZodType>(
  schema: Schema,
  keyOf: (properties: z.output<Schema>) => string | undefined,
): Collector {
  return ({ request, values, registry, scope }) => {
    const name = keyOf(readProperties(schema, request));
    // AWS's own keys allow whoever may use the resource.
    if (name === undefined || name.startsWith('alias/aws/')) return;
    registry.keys.set(values.attributes.Arn ?? '', keyArn(name, request, scope));
  };
}

function keyArn(name: string, { stackName, logicalId }: ResourceRequest, scope: Scope): string {
  if (name.startsWith('arn:') && !name.includes(':alias/')) return name;
  if (name.includes('alias/')) {
    throw new Error(`${stackName}/${logicalId}: a key that is named by its alias (${name}) is not emulated`);
  }
  return arnOf('kms', scope, `key/${name}`);
}

function roleNamed(name: string, { stackName, logicalId }: ResourceRequest, { roles }: Registry): Role {
  const found = roles.get(name);
  if (found === undefined)
    throw new Error(`${stackName}/${logicalId}: there is no role ${name} in the stacks`);
  return found;
}

function parsed<Result>(request: ResourceRequest, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${placeOf(request)}: ${message}`, { cause: error });
  }
}
