import { createHash } from 'node:crypto';
import { parseArn } from './arn.ts';

/**
 * A UUID that is the same in each run, for a mapping that was not given one.
 * @param startAt where it starts to read, if not at the oldest record: CloudFormation replaces a mapping whose starting
 *   position changes, and the new one has no checkpoint
 */
export function mappingId(functionName: string, sourceArn: string, startAt?: number): string {
  const parts = [functionName, sourceArn, ...(startAt === undefined ? [] : [startAt])];
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
  return `arn:aws:lambda:${region}:${account}:function:${functionName}`;
}

/** A role for a function that was given none: only its ARN is ever seen, in the records. */
export function defaultRoleArn(functionName: string, sourceArn: string): string {
  return `arn:aws:iam::${parseArn(sourceArn).account}:role/${functionName}`;
}
