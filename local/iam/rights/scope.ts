/** Where everything is: what a name on the wire lacks to be an ARN. */
export interface Scope {
  readonly region: string;
  readonly accountId: string;
}

/** Resources of which a call names none, `ListStreams` say: only `Resource: '*'` covers them. */
export const NO_RESOURCE = '*';

export function arnOf(service: string, { region, accountId }: Scope, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
