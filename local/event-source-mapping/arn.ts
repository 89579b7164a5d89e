import { createHash } from 'node:crypto';

/** The parts of an Amazon Resource Name, `arn:partition:service:region:account:resource`. */
export interface Arn {
  service: string;
  region: string;
  account: string;
  /** What follows the fifth colon: `stream/name`, a queue's or a bucket's name. */
  resource: string;
}

/** @throws Error that shows the text when it is not an ARN. */
export function parseArn(text: string): Arn {
  const [prefix, , service, region, account, ...resource] = text.split(':');
  if (
    prefix !== 'arn' ||
    !service ||
    region === undefined ||
    account === undefined ||
    resource.length === 0
  ) {
    throw new Error(`'${text}' is not an ARN`);
  }
  return { service, region, account, resource: resource.join(':') };
}

/** @throws Error when the ARN is not a Kinesis stream's. */
export function streamName(arn: string): string {
  const { service, resource } = parseArn(arn);
  const name = resource.startsWith('stream/') ? resource.slice('stream/'.length) : '';
  if (service !== 'kinesis' || name === '') throw new Error(`'${arn}' is not the ARN of a Kinesis stream`);
  return name;
}

/**
 * A UUID that is the same in each run, for a mapping that was not given one.
 * @param startAt where it starts to read, if not at the oldest record: CloudFormation replaces a mapping whose starting
 *   position changes, and the new one has no checkpoint
 */
export function mappingId(functionName: string, sourceArn: string, startAt?: number): string {
  return uuidOf(functionName, sourceArn, ...(startAt === undefined ? [] : [startAt]));
}

/** The same for the same parts: what AWS draws by lot is here what a run can do again. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return groups.join('-');
}

/** The function's ARN, in the source's region and account. */
export function functionArn(functionName: string, sourceArn: string): string {
  const { region, account } = parseArn(sourceArn);
  return functionArnIn(region, account, functionName);
}

export const functionArnIn = (region: string, account: string, functionName: string): string =>
  `arn:aws:lambda:${region}:${account}:function:${functionName}`;

/** What a topic's mapping goes by: the cluster's ARN or, of one that has none, its brokers, and the topic. */
export function kafkaSource(source: {
  clusterArn: string | undefined;
  bootstrapServers: string | undefined;
  topic: string;
}): string {
  const { clusterArn, bootstrapServers, topic } = source;
  return `${clusterArn ?? `kafka://${bootstrapServers}`}/${topic}`;
}

/** A role for a function that was given none: only its ARN is ever seen, in the records. */
export function defaultRoleArn(functionName: string, sourceArn: string): string {
  return `arn:aws:iam::${parseArn(sourceArn).account}:role/${functionName}`;
}
