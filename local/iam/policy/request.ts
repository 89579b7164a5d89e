/** Who asks: a session of a function's role. */
export interface Caller {
  /** `arn:aws:iam::<account>:role/<path><name>` */
  readonly roleArn: string;
  /** `arn:aws:sts::<account>:assumed-role/<name>/<function>`: the session's name is the function's. */
  readonly sessionArn: string;
}

/** What is asked for: one action on one resource. */
export interface Right {
  /** `kinesis:PutRecords` */
  readonly action: string;
  readonly resource: string;
  /** The service that asks in the caller's name, where it is not the caller: `kinesis`, for a key of a stream. */
  readonly via?: string;
}

/** A right that somebody wants to use, with what a `Condition` can ask about. Keys are in lower case. */
export interface AccessRequest extends Right {
  readonly caller: Caller;
  readonly context: ReadonlyMap<string, string>;
}

/**
 * The keys whose values are known here, and those that a call of a function never has. Any other key stops the start with
 * its name: a condition that is not understood must not seem to hold.
 */
export const conditionKeys: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:viaawsservice',
  'kms:calleraccount',
  'kms:viaservice',
]);

/**
 * @param region of the account, where everything is
 * @returns what a condition sees of the request. The transport counts as secure: on AWS the SDK speaks HTTPS, and only here
 *   it does not. `aws:SourceArn` and `aws:SourceAccount` are never there, as they are of a service's own calls.
 */
export function contextOf({ via }: Right, { roleArn }: Caller, region: string): Map<string, string> {
  const account = roleArn.split(':')[4] ?? '';
  const context = new Map([
    ['aws:principalaccount', account],
    ['aws:principalarn', roleArn],
    ['aws:requestedregion', region],
    ['aws:securetransport', 'true'],
    ['aws:viaawsservice', String(via !== undefined)],
  ]);
  if (via === undefined) return context;
  return context.set('kms:viaservice', `${via}.${region}.amazonaws.com`).set('kms:calleraccount', account);
}
