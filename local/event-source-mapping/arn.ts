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
