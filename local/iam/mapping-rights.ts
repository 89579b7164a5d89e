import { mappingId, parseArn } from '../event-source-mapping/arn.ts';
import type { Right } from './policy/request.ts';
import type { MappingRoute } from './registry.ts';
import { NO_RESOURCE } from './rights/scope.ts';

/** What Lambda does with the function's role to poll (Lambda Developer Guide, Kinesis and SQS as event sources). */
const pollActions: Readonly<Record<string, readonly string[]>> = {
  kinesis: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'],
  sqs: ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'],
};

const networkActions = [
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSecurityGroups',
  'DescribeSubnets',
  'DescribeVpcs',
];

/** The rights that an event source mapping needs its function's role to have, for its source and its destination. */
export function mappingRights(mapping: MappingRoute): Right[] {
  const { sourceArn, destinationArn, topic } = mapping;
  const poll = topic ? topicRights(topic) : pollRights(sourceArn);
  return destinationArn === undefined ? poll : [...poll, ...destinationRights(destinationArn, mapping)];
}

function pollRights(sourceArn: string): Right[] {
  const { service } = parseArn(sourceArn);
  return (pollActions[service] ?? []).map((name) => ({ action: `${service}:${name}`, resource: sourceArn }));
}

/**
 * Lambda Developer Guide, "Configuring Lambda permissions for Amazon MSK event source mappings" and for self-managed Apache Kafka:
 * what it takes to find an MSK cluster, and a network interface in its VPC. What a cluster allows by IAM no broker here asks.
 */
function topicRights({ clusterArn, isInNetwork }: NonNullable<MappingRoute['topic']>): Right[] {
  const find = clusterArn === undefined ? [] : ['DescribeClusterV2', 'GetBootstrapBrokers'];
  return [
    ...find.map((name) => ({ action: `kafka:${name}`, resource: clusterArn ?? NO_RESOURCE })),
    ...(isInNetwork ? networkActions : []).map((name) => ({ action: `ec2:${name}`, resource: NO_RESOURCE })),
  ];
}

/** Lambda Developer Guide, Retain discarded batch records. Keys begin with `aws/lambda/` and the mapping's id. */
function destinationRights(arn: string, { functionName, sourceArn }: MappingRoute): Right[] {
  if (parseArn(arn).service === 'sqs') return [{ action: 'sqs:SendMessage', resource: arn }];
  return [
    { action: 's3:ListBucket', resource: arn },
    { action: 's3:PutObject', resource: `${arn}/aws/lambda/${mappingId(functionName, sourceArn)}/batch` },
  ];
}

/** As Lambda's API refuses to create the mapping. */
export function refusedMapping({ action }: Right): string {
  const [service = '', name = ''] = action.split(':');
  const what = `permissions to call ${name} on ${service.toUpperCase()}`;
  return `InvalidParameterValueException: The provided execution role does not have ${what}`;
}
