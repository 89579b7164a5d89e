import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Environment } from '../../client/environment/open.ts';
import type { Clock } from '../../local/clock.ts';

/**
 * How much later it is on this machine than where the environment is, ms, to a second or so: an answer's Date header has
 * seconds.
 * @returns undefined where the answer has none
 */
export async function skewOf({ name, clients }: Environment, clock: Clock): Promise<number | undefined> {
  const asked = clock.now();
  const command = new DescribeStacksCommand({ StackName: `${name}-lottery-stateful` });
  let date: string | undefined;
  command.middlewareStack.add(
    (next) => async (parameters) => {
      const result = await next(parameters);
      date = dateOf(result.response);
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  await clients.cloudFormation.send(command);
  return date === undefined ? undefined : skew(Date.parse(date), asked, clock.now());
}

/** Any time of the second that the header names, and of the call, may be meant: 0 where one of them fits. */
export function skew(theirs: number, asked: number, answered: number): number | undefined {
  if (!Number.isFinite(theirs)) return undefined;
  if (asked > theirs + 1_000) return asked - theirs - 1_000;
  return answered < theirs ? answered - theirs : 0;
}

function dateOf(response: unknown): string | undefined {
  const { headers } = { headers: undefined, ...(typeof response === 'object' ? response : {}) };
  const { date } = { date: undefined, ...(typeof headers === 'object' ? headers : {}) };
  return typeof date === 'string' ? date : undefined;
}
