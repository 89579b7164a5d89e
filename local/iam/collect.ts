import { z } from 'zod';
import { placeOf, type ResourceRequest, readProperties } from '../cloudformation/emulator.ts';
import { functionNameOf, mappingSource } from '../cloudformation/emulators/lambda-event-source-mapping.ts';
import { kafkaSource } from '../event-source-mapping/arn.ts';
import { bucketEncryption, queueEncryption, streamEncryption, tableEncryption } from './encryption.ts';
import { parseResourcePolicy, parseRolePolicy } from './policy/statement.ts';
import type { Collected, Collector, MappingRoute, Registry, Role } from './registry.ts';
import { arnOf } from './rights/scope.ts';

/** What says something of rights, by CloudFormation type. */
const collectors: Readonly<Record<string, Collector>> = {
  'AWS::DynamoDB::Table': tableEncryption,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::IAM::RolePolicy': rolePolicy,
  'AWS::KMS::Key': key,
  'AWS::Kinesis::Stream': streamEncryption,
  'AWS::Lambda::EventSourceMapping': mapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::S3::Bucket': bucketEncryption,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SQS::Queue': queueEncryption,
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

const endpoints = z.looseObject({
  Endpoints: z.looseObject({ KafkaBootstrapServers: z.array(z.string()) }),
});

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
      ...mappingSource,
      SelfManagedEventSource: endpoints.optional(),
      Topics: z.array(z.string()).default([]),
      SourceAccessConfigurations: z.array(z.looseObject({ Type: z.string() })).default([]),
      DestinationConfig: z
        .looseObject({ OnFailure: z.looseObject({ Destination: z.string() }).optional() })
        .optional(),
    }),
    request,
  );
  registry.mappings.push({
    at: `${request.stackName}/${request.logicalId}`,
    functionName: functionNameOf(properties.FunctionName),
    ...routeOf(properties),
    destinationArn: properties.DestinationConfig?.OnFailure?.Destination,
  });
}

/** What a mapping goes by, and of a topic what it takes to come to it. */
function routeOf(properties: {
  EventSourceArn?: string | undefined;
  SelfManagedEventSource?: z.output<typeof endpoints> | undefined;
  Topics: readonly string[];
  SourceAccessConfigurations: readonly { Type: string }[];
}): Pick<MappingRoute, 'sourceArn' | 'topic'> {
  const { EventSourceArn: arn, SelfManagedEventSource: own, Topics, SourceAccessConfigurations } = properties;
  const [topic] = Topics;
  if (topic === undefined) return { sourceArn: arn ?? '', topic: undefined };
  const bootstrapServers = own?.Endpoints.KafkaBootstrapServers.join(',');
  const isInNetwork = SourceAccessConfigurations.some(({ Type }) => Type.startsWith('VPC_'));
  return {
    sourceArn: kafkaSource({ clusterArn: arn, bootstrapServers, topic }),
    topic: { clusterArn: arn, isInNetwork: isInNetwork || arn !== undefined },
  };
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
