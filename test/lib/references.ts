import type { EnvironmentTemplates, Resource } from './synthesize.ts';

/** A value of a template that stands for a resource, of its own stack or of another one. */
export interface Reference {
  readonly id: string;
  readonly resource: Resource;
  /** What of the resource: its `Ref`, or an attribute. */
  readonly attribute: string;
}

/** @throws Error when the value refers to no resource of the stacks */
export function referenceOf(value: unknown, templates: EnvironmentTemplates): Reference {
  const { Ref, 'Fn::GetAtt': ofResource, 'Fn::ImportValue': imported } = value as Record<string, unknown>;
  if (typeof imported === 'string') return referenceOf(exported(imported, templates), templates);
  const [id, attribute] = Array.isArray(ofResource) ? ofResource.map(String) : [String(Ref), 'Ref'];
  const resource = id === undefined ? undefined : resourcesOf(templates)[id];
  if (id === undefined || attribute === undefined || resource === undefined) {
    throw new Error(`Not a resource of this app: ${JSON.stringify(value)}`);
  }
  return { id, resource, attribute };
}

/** The same in words: `Arn of dev-entries`. Resources without a name of their own have their logical id. */
export function described(value: unknown, templates: EnvironmentTemplates): string {
  if (typeof value === 'string') return value;
  const { id, resource, attribute } = referenceOf(value, templates);
  return `${attribute} of ${physicalName(resource) ?? id}`;
}

function exported(name: string, { stateful }: EnvironmentTemplates): unknown {
  const outputs: { Value: unknown; Export?: { Name: string } }[] = Object.values(stateful.toJSON().Outputs);
  const output = outputs.find(({ Export }) => Export?.Name === name);
  if (output === undefined) throw new Error(`Nothing is exported as ${name}`);
  return output.Value;
}

/** Of all stacks: no logical id is in two of them. */
export function resourcesOf({ stateful, processing, live }: EnvironmentTemplates): Record<string, Resource> {
  return {
    ...stateful.toJSON().Resources,
    ...processing.toJSON().Resources,
    ...live?.toJSON().Resources,
  };
}

const nameProperties: Readonly<Record<string, string>> = {
  'AWS::AppSync::Api': 'Name',
  'AWS::AppSync::ChannelNamespace': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::Policy': 'PolicyName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
};

/** The name that the template gives; undefined where CloudFormation makes one. */
export function physicalName({ Type, Properties }: Resource): string | undefined {
  const name = Properties[nameProperties[Type] ?? ''];
  return typeof name === 'string' ? name : undefined;
}
