import { channelIn, namespaceOf } from '../../page/channels.ts';
import { EVENTS_API_ID } from '../../page/events-api.ts';
import type { Right } from '../policy/request.ts';
import { arnOf, NO_RESOURCE, type Scope } from './scope.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * Service Authorization Reference, AppSync: what is published takes `EventPublish` on the channel's namespace. Of which API a
 * call is, its host says on AWS; there is one here.
 */
export function appsyncRights({ channel }: Body, scope: Scope): Right[] {
  const name = channelIn(channel);
  const resource =
    name === undefined ? NO_RESOURCE : `${eventsApiArn(scope)}/channelNamespace/${namespaceOf(name)}`;
  return [{ action: 'appsync:EventPublish', resource }];
}

/** Of the one Event API. */
export function eventsApiArn(scope: Scope): string {
  return arnOf('appsync', scope, `apis/${EVENTS_API_ID}`);
}
