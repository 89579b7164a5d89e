import { type Decision, decide } from '../../../../local/iam/policy/decide.ts';
import { contextOf, type Right } from '../../../../local/iam/policy/request.ts';
import { parseResourcePolicy, parseRolePolicy } from '../../../../local/iam/policy/statement.ts';

export const accountId = '000000000000';
export const region = 'us-east-1';

export const caller = {
  roleArn: `arn:aws:iam::${accountId}:role/service/reader`,
  sessionArn: `arn:aws:sts::${accountId}:assumed-role/reader/probe`,
};

export const queue = `arn:aws:sqs:${region}:${accountId}:jobs`;
export const send = { action: 'sqs:SendMessage', resource: queue };

/** A statement that says what it has to, of everything, with these elements in place of that. */
export function statement(elements: object): object {
  const all = { Effect: 'Allow', Action: '*', Resource: '*' };
  const { Action, Resource, ...rest } = { ...all, ...elements };
  return {
    ...rest,
    ...('NotAction' in elements ? {} : { Action }),
    ...('NotResource' in elements ? {} : { Resource }),
  };
}

export interface Asked {
  readonly identity?: readonly object[];
  readonly resource?: readonly object[];
  readonly right?: Right;
}

/** What policies with these statements make of a request of the probe. */
export function decisionOf({ identity = [], resource, right = send }: Asked): Decision {
  const request = { ...right, caller, context: contextOf(right, caller, region) };
  return decide(request, {
    identity: parseRolePolicy({ Version: '2012-10-17', Statement: identity }),
    resource: resource && parseResourcePolicy({ Statement: resource }, accountId),
    isKey: right.action.startsWith('kms:'),
  });
}

/** The same in a word. */
export function outcomeOf(asked: Asked): string {
  const decision = decisionOf(asked);
  if (decision.isAllowed) return 'allowed';
  return `${decision.isExplicit ? 'denied' : 'not allowed'} by ${decision.policy} policies`;
}
